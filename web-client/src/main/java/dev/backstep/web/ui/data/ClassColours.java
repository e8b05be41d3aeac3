package dev.backstep.web.ui.data;

/** The colours of classes, told from light and dark grounds and from each other. */
public final class ClassColours {
    private static final String[] COLOURS = {"#5b68f5", "#ee8a2f", "#25a878", "#d94f8c", "#22a3c9", "#9a5bd9",
        "#b58b12", "#d3483f", "#7c8698", "#78b03a"};

    private ClassColours() {}

    /** The colour of a class, as a style has it; those after the tenth repeat. */
    public static String of(int ofClass) {
        return COLOURS[ofClass % COLOURS.length];
    }
}
