package dev.backstep.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generated points lie where their formulas say; tables hold what is known of them. */
class SourceTest {
    private static final double EPS = 1e-6;

    @BeforeAll
    static void load() {
        DataFiles.load();
    }

    private static Attrs attrs(Object... more) {
        Attrs attrs = Attrs.of("samples", 300, "classes", 3, "noise", 0.0, "seed", 7, "csv", "", "features", "",
                "target", "", "predict", "auto");
        for (int i = 0; i < more.length; i += 2) {
            attrs = attrs.with((String) more[i], more[i + 1]);
        }
        return attrs;
    }

    private interface Check {
        void at(double x1, double x2, int ofClass);
    }

    private static void each(Samples samples, Check check) {
        double[] x = samples.x().toDoubles();
        long[] y = samples.y().toLongs();
        for (int i = 0; i < y.length; i++) {
            check.at(x[2 * i], x[2 * i + 1], (int) y[i]);
        }
    }

    @Test
    void xorIsByTheSignsAndFillsTheSquare() {
        Samples samples = Source.XOR.make(attrs());
        each(samples, (a, b, c) -> assertEquals(a * b < 0 ? 1 : 0, c));
        double[] sorted = samples.x().toDoubles();
        Arrays.sort(sorted);
        assertEquals(-1, sorted[0], 0.05);
        assertEquals(1, sorted[sorted.length - 1], 0.05);
        assertTrue(sorted[0] >= -1 && sorted[sorted.length - 1] < 1);
    }

    @Test
    void circlesHaveTheirRadii() {
        each(Source.CIRCLES.make(attrs()), (a, b, c) -> assertEquals((3 - c) / 3.0, Math.hypot(a, b), EPS));
    }

    @Test
    void moonsAreHalfCircles() {
        each(Source.MOONS.make(attrs()), (a, b, c) -> {
            double up = c == 0 ? b : 0.5 - b;
            assertEquals(1, Math.hypot(c == 0 ? a : 1 - a, up), EPS);
            assertTrue(up >= -EPS);
        });
    }

    @Test
    void gaussiansHaveTheirMeansAndDeviations() {
        double[][] sums = new double[3][4];
        each(Source.GAUSSIANS.make(attrs("samples", 9000, "noise", 0.2)), (a, b, c) -> {
            double awayX = a - Math.cos(2 * Math.PI * c / 3);
            double awayY = b - Math.sin(2 * Math.PI * c / 3);
            sums[c][0] += awayX / 3000;
            sums[c][1] += awayY / 3000;
            sums[c][2] += awayX * awayX / 3000;
            sums[c][3] += awayY * awayY / 3000;
        });
        for (double[] sum : sums) {
            // Five deviations of the mean and of the variance.
            assertEquals(0, sum[0], 5 * 0.2 / Math.sqrt(3000));
            assertEquals(0, sum[1], 5 * 0.2 / Math.sqrt(3000));
            assertEquals(0.04, sum[2], 5 * 0.04 * Math.sqrt(2.0 / 3000));
            assertEquals(0.04, sum[3], 5 * 0.04 * Math.sqrt(2.0 / 3000));
        }
    }

    @Test
    void spiralsTurnWithTheirRadius() {
        each(Source.SPIRAL.make(attrs()), (a, b, c) -> {
            double radius = Math.hypot(a, b);
            double angle = 2 * Math.PI * (radius + c / 3.0);
            assertTrue(radius < 1);
            assertEquals(radius * Math.cos(angle), a, 1e-5);
            assertEquals(radius * Math.sin(angle), b, 1e-5);
        });
    }

    @Test
    void lineAndSineAreTheirFunctions() {
        double[] x = Source.LINE.make(attrs()).x().toDoubles();
        double[] y = Source.LINE.make(attrs()).y().toDoubles();
        double[] angles = Source.SINE.make(attrs()).x().toDoubles();
        double[] sines = Source.SINE.make(attrs()).y().toDoubles();
        for (int i = 0; i < x.length; i++) {
            assertEquals(DType.FLOAT32.round(3 * x[i] + 2), y[i]);
            assertEquals(Math.sin(angles[i]), sines[i], EPS);
        }
        assertTrue(Arrays.stream(angles).anyMatch(a -> a < -3) && Arrays.stream(angles).anyMatch(a -> a > 3));
    }

    @ParameterizedTest
    @EnumSource(names = {"XOR", "CIRCLES", "MOONS", "GAUSSIANS", "SPIRAL", "LINE", "SINE"})
    void noiseIsAddedAndASeedSaysAll(Source source) {
        Samples plain = source.make(attrs("samples", 4000));
        Samples noisy = source.make(attrs("samples", 4000, "noise", 0.3));
        boolean values = plain.classes().isEmpty();
        double[] a = (values ? plain.y() : plain.x()).toDoubles();
        double[] b = (values ? noisy.y() : noisy.x()).toDoubles();
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += (b[i] - a[i]) * (b[i] - a[i]) / a.length;
        }
        assertEquals(0.09, squares, 5 * 0.09 * Math.sqrt(2.0 / a.length));
        Samples again = source.make(attrs("samples", 4000, "noise", 0.3));
        assertArrayEquals(noisy.x().toDoubles(), again.x().toDoubles());
        assertArrayEquals(noisy.y().toDoubles(), again.y().toDoubles());
        Samples other = source.make(attrs("samples", 4000, "noise", 0.3, "seed", 8));
        assertTrue(!Arrays.equals(noisy.x().toDoubles(), other.x().toDoubles()));
    }

    @ParameterizedTest
    @EnumSource
    void sizesAreKnownWithoutTheData(Source source) {
        Attrs attrs = attrs("csv", "a,b\n1,2\n3,4\n5,6\n");
        Samples made = source.make(attrs);
        Source.Size size = source.size(attrs);
        assertEquals(new Source.Size(made.size(), made.x().shape()[1], made.classes().size()), size);
        assertArrayEquals(made.classes().isEmpty() ? new int[] {size.samples(), 1} : new int[] {size.samples()},
                made.y().shape());
        assertEquals(size.features(), made.features().size());
    }

    @Test
    void realSetsAreThoseOfTheLiterature() {
        Samples iris = Source.IRIS.make(attrs());
        assertEquals(List.of("setosa", "versicolor", "virginica"), iris.classes());
        assertEquals(50, Arrays.stream(iris.y().toLongs()).filter(c -> c == 1).count());
        // Fisher's means, R. A. Fisher (1936), table II: sepal length of setosa 5.006, petal width of virginica 2.026.
        double[] x = iris.x().toDoubles();
        long[] y = iris.y().toLongs();
        double setosa = 0;
        double virginica = 0;
        for (int i = 0; i < 150; i++) {
            setosa += y[i] == 0 ? x[4 * i] / 50 : 0;
            virginica += y[i] == 2 ? x[4 * i + 3] / 50 : 0;
        }
        assertEquals(5.006, setosa, 1e-6);
        assertEquals(2.026, virginica, 1e-6);
        Samples penguins = Source.PENGUINS.make(attrs());
        assertEquals(List.of("Adelie", "Chinstrap", "Gentoo"), penguins.classes());
        assertEquals(2, Source.PENGUINS.choice(attrs()).problems().size());
        Samples digits = Source.DIGITS.make(attrs());
        // Counts of the classes as the set's description has them.
        long[] counts = new long[10];
        Arrays.stream(digits.y().toLongs()).forEach(c -> counts[(int) c]++);
        assertArrayEquals(new long[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, counts);
        assertEquals(16, Arrays.stream(digits.x().toDoubles()).max().orElseThrow());
    }

    @Test
    void otherColumnsOfARealSetCanBeChosen() {
        Samples sexes = Source.PENGUINS.make(attrs("features", "bill_length_mm,island", "target", "sex"));
        assertEquals(List.of("bill_length_mm", "island=Biscoe", "island=Dream", "island=Torgersen"), sexes.features());
        assertEquals(List.of("female", "male"), sexes.classes());
        assertEquals(333, sexes.size());
        Samples mass = Source.PENGUINS.make(attrs("target", "body_mass_g"));
        assertEquals(3, mass.features().size());
        assertTrue(mass.classes().isEmpty());
    }

    @Test
    void refusesWhatCannotBe() {
        assertEquals(List.of("samples", "1 to 10000", "0"), assertThrows(DataException.class,
                () -> Source.XOR.make(attrs("samples", 0))).arguments());
        assertEquals("classes", assertThrows(DataException.class,
                () -> Source.SPIRAL.make(attrs("classes", 11))).arguments().getFirst());
        assertEquals("noise", assertThrows(DataException.class,
                () -> Source.LINE.make(attrs("noise", Double.NaN))).arguments().getFirst());
        assertEquals(DataException.Code.NO_TABLE, assertThrows(DataException.class,
                () -> Source.CSV.make(attrs("csv", "  "))).code());
        assertEquals(DataException.Code.NO_COLUMN, assertThrows(DataException.class,
                () -> Source.IRIS.make(attrs("target", "colour"))).code());
    }
}
