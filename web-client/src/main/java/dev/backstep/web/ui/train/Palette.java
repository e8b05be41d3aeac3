package dev.backstep.web.ui.train;

import dev.backstep.web.jso.Colours;
import java.util.ArrayList;
import java.util.List;

/**
 * The colours of pictures in the theme that is shown.
 *
 * @param classes one for each class, over again where there are more
 */
record Palette(String ground, String text, String muted, String line, String accent, String good, String bad,
        List<String> classes) {
    private static final int CLASSES = 10;

    /** Those of the style sheets. */
    static Palette shown() {
        List<String> classes = new ArrayList<>();
        for (int i = 0; i < CLASSES; i++) {
            classes.add(Colours.of("--class-" + i));
        }
        return new Palette(Colours.of("--surface"), Colours.of("--text"), Colours.of("--muted"), Colours.of("--line"),
                Colours.of("--accent"), Colours.of("--good"), Colours.of("--bad"), List.copyOf(classes));
    }

    String ofClass(int number) {
        return classes.get(Math.floorMod(number, classes.size()));
    }

    /** 0xRRGGBB of {@code rgb(r, g, b)}. */
    static int rgb(String css) {
        int rgb = 0;
        int at = css.indexOf('(') + 1;
        for (int i = 0; i < 3; i++) {
            while (at < css.length() && !Character.isDigit(css.charAt(at))) {
                at++;
            }
            int number = 0;
            while (at < css.length() && Character.isDigit(css.charAt(at))) {
                number = 10 * number + css.charAt(at++) - '0';
            }
            // What may follow a point is less than a shade.
            while (at < css.length() && css.charAt(at) != ',' && css.charAt(at) != ' ' && css.charAt(at) != ')') {
                at++;
            }
            rgb = rgb << 8 | Math.min(255, number);
        }
        return rgb;
    }

    static String css(int rgb) {
        return "rgb(" + (rgb >> 16 & 255) + ", " + (rgb >> 8 & 255) + ", " + (rgb & 255) + ")";
    }

    /** A colour between two, {@code share} of the way to the second. */
    static int mix(int from, int to, double share) {
        double part = Math.max(0, Math.min(1, share));
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = from >> shift & 255;
            int b = to >> shift & 255;
            mixed |= (int) Math.round(a + (b - a) * part) << shift;
        }
        return mixed;
    }
}
