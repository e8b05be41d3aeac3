package dev.backstep.engine.compile;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import java.util.function.Supplier;

/** Memory that a recorded step read or wrote. */
final class Cell {
    enum Kind {
        /** What lives on from step to step: parameters, gradients, what optimizers remember. */
        STATE,
        /** Another in each step. */
        BATCH,
        /** Made before the step and never written. */
        FIXED,
        /** Zeros made in the step. */
        TEMPORARY,
        /** Numbers made in the step, the same in each. */
        CONSTANT,
        /** Numbers that Java makes in each step. */
        MADE
    }

    final Buffer buffer;
    final DType type;
    final int size;
    Kind kind;
    /** Where state lies: the arena and the place of the first element there; an arena of -1 is none. */
    int arena = -1;
    int offset;
    /** Of a constant. */
    double[] values;
    /** The other memory of the same kind that lies in the same place, because it ends where this one began. */
    Cell heir;
    /** Of numbers that are made: exactly one of the two, and what they are made of. */
    Supplier<long[]> whole;
    Bernoulli drawn;
    View[] from;
    /** Where it lies in the plan. */
    int slot = -1;

    Cell(Buffer buffer, Kind kind) {
        this(buffer, buffer.dtype(), buffer.size(), kind);
    }

    /** Memory that is on devices only. */
    Cell(DType type, int size, Kind kind) {
        this(null, type, size, kind);
    }

    private Cell(Buffer buffer, DType type, int size, Kind kind) {
        this.buffer = buffer;
        this.type = type;
        this.size = size;
        this.kind = kind;
    }

    /** The type it has on a device: there is no float64, and what was to be summed in double is summed there. */
    DType deviceType() {
        return type == DType.FLOAT64 ? DType.FLOAT32 : type;
    }

    /** Whether what it holds depends on nothing but batches and drawn numbers, as long as nobody writes it. */
    boolean isGiven() {
        return kind == Kind.BATCH || kind == Kind.FIXED || kind == Kind.CONSTANT || kind == Kind.MADE;
    }
}
