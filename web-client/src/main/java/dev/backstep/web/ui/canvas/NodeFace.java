package dev.backstep.web.ui.canvas;

import java.util.List;

/**
 * What a node shows besides its name: what is known of its first output at the step one stands at.
 *
 * @param shape shape and type as text; empty where unknown
 * @param value the value as text; null where there is none yet
 * @param written whether its memory was written since it was made, so that a leaf is no more what was typed
 * @param grad the gradient as text; null for None
 * @param sum the sum that is being made, {@code 3 + 1 = 4}; null where none is
 * @param valueHeat the address of the value's picture, or null where text says it all
 * @param gradHeat the same of the gradient
 * @param error why it could not be computed, or null
 * @param badges its marks, in order
 * @param mark what happens to it at this step
 * @param breaks whether it has a breakpoint
 */
record NodeFace(
        String shape,
        String value,
        boolean written,
        String grad,
        String sum,
        String valueHeat,
        String gradHeat,
        String error,
        List<Badge> badges,
        Mark mark,
        boolean breaks) {
    enum Mark { NONE, COMPUTED, NOW }

    static final NodeFace BLANK = new NodeFace("", null, false, null, null, null, null, null, List.of(), Mark.NONE,
            false);
}
