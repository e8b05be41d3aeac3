package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.Text;

/**
 * A mark that says what a node is.
 *
 * @param count the number it shows, where it shows one
 */
record StateBadge(Kind kind, int count) implements Badge {
    enum Kind {
        TARGET("target", "node.badge.target", "node.target"),
        LEAF("leaf", "node.badge.leaf", "node.parameter"),
        CONSTANT("leaf", "node.badge.leaf", "node.leaf"),
        REQUIRES_GRAD("req", "node.badge.requiresGrad", "node.requiresGrad"),
        RETAINS_GRAD("retains", "node.badge.retains", "node.retains"),
        DETACHED("stops", "node.badge.detached", "node.detached"),
        NO_GRAD("stops", "node.badge.noGrad", "node.noGrad"),
        TRAIN("req", "node.badge.train", "node.train"),
        EVAL("version", "node.badge.eval", "node.eval"),
        VERSION("version", "node.badge.version", "node.version"),
        FAILED("failed", "node.badge.failed", "node.failed");

        private final String style;
        private final String text;
        private final String meaning;

        Kind(String style, String text, String meaning) {
            this.style = style;
            this.text = text;
            this.meaning = meaning;
        }
    }

    StateBadge(Kind kind) {
        this(kind, 0);
    }

    @Override
    public String style() {
        return kind.style;
    }

    @Override
    public String text() {
        return Text.of(kind.text, count);
    }

    @Override
    public String meaning() {
        return Text.of(kind.meaning, count);
    }
}
