package dev.backstep.web.ui.timeline;

import dev.backstep.web.session.EventKind;
import dev.backstep.web.ui.Text;

/** How the kinds of events are shown: an icon and a word each; colours are in the style sheet, by {@link #name}. */
final class Kinds {
    private Kinds() {}

    static String icon(EventKind kind) {
        return switch (kind) {
            case FORWARD -> "arrow-right";
            case IN_PLACE -> "pencil";
            case AGAIN -> "repeat";
            case START -> "flag";
            case NODE -> "arrow-left";
            case ACCUMULATE -> "circle-plus";
            case HOOK -> "anchor";
            case FREE -> "recycle";
            case ZERO_GRAD -> "eraser";
            case CLIP -> "scissors";
            case STEP -> "footprints";
            case UPDATE -> "pen-line";
            case REFUSED -> "circle-alert";
        };
    }

    static String label(EventKind kind) {
        return Text.of("kind." + kind.name());
    }

    /** The value of data-kind. */
    static String name(EventKind kind) {
        return kind.name().toLowerCase();
    }
}
