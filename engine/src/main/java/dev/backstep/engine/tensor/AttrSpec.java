package dev.backstep.engine.tensor;

import java.util.List;

/**
 * One attribute an op takes.
 *
 * @param name PyTorch's name of it
 * @param kind what may be typed in
 * @param fallback the value when it is left out; null is PyTorch's None
 * @param choices the texts it may be, or empty for any
 */
public record AttrSpec(String name, Kind kind, Object fallback, List<String> choices) {
    /**
     * What an attribute holds: INTS is a list of integers (or one), DATA nested numbers, FORMULA a formula in PyTorch's
     * notation, IDS a list of boxes, NUMBERS a list of numbers, TABLE a text as long as a table may be.
     */
    public enum Kind { INT, NUMBER, FLAG, INTS, DTYPE, TEXT, DATA, FORMULA, IDS, NUMBERS, TABLE }

    public AttrSpec(String name, Kind kind, Object fallback) {
        this(name, kind, fallback, List.of());
    }
}
