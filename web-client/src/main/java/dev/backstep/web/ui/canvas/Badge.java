package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.Text;

/**
 * A small mark on a node.
 *
 * @param count the number it shows, where it shows one
 */
record Badge(Kind kind, int count) {
    enum Kind {
        TARGET("target", "target", "target"),
        LEAF("leaf", "leaf", "parameter"),
        CONSTANT("leaf", "leaf", "leaf"),
        REQUIRES_GRAD("req", "requiresGrad", "requiresGrad"),
        RETAINS_GRAD("retains", "retains", "retains"),
        DETACHED("stops", "detached", "detached"),
        NO_GRAD("stops", "noGrad", "noGrad"),
        VERSION("version", "version", "version"),
        FAILED("failed", "failed", "failed");

        private final String style;
        private final String text;
        private final String meaning;

        Kind(String style, String text, String meaning) {
            this.style = style;
            this.text = text;
            this.meaning = meaning;
        }
    }

    Badge(Kind kind) {
        this(kind, 0);
    }

    String style() {
        return kind.style;
    }

    String text() {
        return Text.of("node.badge." + kind.text, count);
    }

    /** What it means, in a sentence. */
    String meaning() {
        return Text.of("node." + kind.meaning, count);
    }
}
