package dev.backstep.web.gpu;

import java.util.List;

/**
 * One run of a shader.
 *
 * @param words what it is told, before the numbers
 * @param numbers the places of the numbers of the run that it is told as float32
 * @param bindings the slots it is given, in the order of the shader's bindings
 * @param groups workgroups, at most 65,535 squared
 */
record Dispatch(String shader, int[] words, int[] numbers, List<Binding> bindings, int groups) {
    private static final int MOST = 65_535;

    /** A slot, or a piece of scratch memory after the last slot, and whether it is written. */
    record Binding(int slot, boolean isWritten) {
    }

    int across() {
        return groups <= MOST ? groups : (groups + down() - 1) / down();
    }

    int down() {
        return (groups + MOST - 1) / MOST;
    }
}
