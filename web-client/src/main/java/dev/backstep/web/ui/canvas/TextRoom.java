package dev.backstep.web.ui.canvas;

/**
 * How wide a text will be, roughly and hardly ever too little. Only texts that may not fit are cut by the style sheet:
 * every element that cuts what is in it costs the browser a part of each frame.
 */
final class TextRoom {
    private static final int FIRST_WIDE = 0x2e80;

    private TextRoom() {}

    /** The width in px of a text in letters of that size. */
    static double width(String text, double size) {
        double width = 0;
        for (int i = 0; i < text.length(); i++) {
            width += width(text.charAt(i));
        }
        return width * size;
    }

    private static double width(char c) {
        if (c >= FIRST_WIDE) {
            return 1;
        }
        return c >= 'A' && c <= 'Z' || c == 'm' || c == 'w' ? 0.75 : c == ' ' || c == '.' || c == ',' ? 0.32 : 0.59;
    }

    /** The largest size, between two, at which a text is no wider than that. */
    static double size(String text, double width, double smallest, double largest) {
        return Math.max(smallest, Math.min(largest, width / Math.max(1, width(text, 1))));
    }
}
