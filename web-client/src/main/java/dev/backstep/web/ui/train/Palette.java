package dev.backstep.web.ui.train;

import dev.backstep.web.jso.Colours;
import dev.backstep.web.ui.data.ClassColours;

/**
 * The colours of pictures in the theme that is shown.
 *
 * @param held of what is held out, in charts
 */
record Palette(String ground, String text, String muted, String line, String accent, String held, String good,
        String bad) {
    /** Those of the style sheets. */
    static Palette shown() {
        return new Palette(Colours.of("--surface"), Colours.of("--text"), Colours.of("--muted"), Colours.of("--line"),
                Colours.of("--accent"), Colours.of("--held-out"), Colours.of("--good"), Colours.of("--bad"));
    }

    String ofClass(int number) {
        return ClassColours.of(Math.max(0, number));
    }

    /** 0xRRGGBB of {@code #rrggbb} or {@code rgb(r, g, b)}. */
    static int rgb(String css) {
        if (css.startsWith("#")) {
            return Integer.parseInt(css.substring(1), 16);
        }
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
