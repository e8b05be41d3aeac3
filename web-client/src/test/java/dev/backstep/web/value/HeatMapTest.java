package dev.backstep.web.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pictures, read by Java's own reader of PNG. */
class HeatMapTest {
    @Test
    void oneScaleForBothSigns() throws IOException {
        BufferedImage image = picture(HeatMap.url(new double[] {-2, -1, 0, 1, 2, 4}, new int[] {2, 3}, 2));
        assertEquals(3, image.getWidth());
        assertEquals(2, image.getHeight());
        assertEquals(255, alpha(image, 0, 0), "the limit below zero");
        assertEquals(128, alpha(image, 1, 0), "half of it");
        assertEquals(0, alpha(image, 2, 0), "nothing at zero");
        assertEquals(128, alpha(image, 0, 1));
        assertEquals(255, alpha(image, 1, 1));
        assertEquals(255, alpha(image, 2, 1), "beyond the limit");
        assertTrue(blue(image, 0, 0) > red(image, 0, 0));
        assertTrue(red(image, 1, 1) > blue(image, 1, 1));
    }

    @Test
    void whatIsNotFiniteStandsOutAndSetsNoScale() throws IOException {
        double[] values = {Double.NaN, Double.POSITIVE_INFINITY, -3};
        assertEquals(3, HeatMap.limit(values));
        BufferedImage image = picture(HeatMap.url(values, new int[] {3}, 3));
        assertEquals(image.getRGB(0, 0), image.getRGB(1, 0));
        assertEquals(255, alpha(image, 0, 0));
        assertTrue(image.getRGB(0, 0) != image.getRGB(2, 0));
    }

    @Test
    void largeTensorsAreThinnedOut() throws IOException {
        double[] values = new double[100 * 200];
        values[values.length - 1] = 1;
        values[0] = -1;
        BufferedImage image = picture(HeatMap.url(values, new int[] {10, 10, 200}));
        assertEquals(48, image.getWidth());
        assertEquals(48, image.getHeight());
        assertEquals(255, alpha(image, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1.01, 2", "2, 2", "3, 5", "5.5, 10", "0.03, 0.05", "1e-9, 1e-9", "7e20, 1e21"})
    void scalesAreRoundAndCover(double size, double scale) {
        assertEquals(scale, HeatMap.scale(size), scale * 1e-9);
    }

    private static BufferedImage picture(String url) throws IOException {
        String start = "data:image/png;base64,";
        assertTrue(url.startsWith(start));
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(url.substring(start.length()))));
    }

    private static int alpha(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) >>> 24;
    }

    private static int red(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) >> 16 & 255;
    }

    private static int blue(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 255;
    }
}
