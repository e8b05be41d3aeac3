package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.ArrayDeque;

/**
 * What memory holds between two writes: numbers in the CPU's memory, or how they were computed on a device, so that
 * they can be computed again when the device is lost. Neither is zeros that nobody has looked at.
 */
final class Value {
    final DType type;
    final int size;
    /** The numbers in the CPU's memory, or null where they are not there. */
    Buffer home;
    /** Whether another value is computed from this one: then {@link #home} must not be written in place. */
    boolean kept;
    /** How many computations lie between this and numbers at home. */
    private int depth;
    private Call call;
    private Value[] inputs;
    private double[] numbers;

    Value(DType type, int size, Buffer home) {
        this.type = type;
        this.size = size;
        this.home = home;
    }

    /** What a call left in memory that held {@code inputs[call.target()]}, which is null where it wrote all of it. */
    static Value made(Call call, Value[] inputs, double[] numbers, DType type, int size) {
        Value made = new Value(type, size, null);
        made.call = call;
        made.inputs = inputs;
        made.numbers = numbers;
        for (Value input : inputs) {
            if (input != null) {
                input.kept = true;
                made.depth = Math.max(made.depth, input.home == null ? input.depth + 1 : 1);
            }
        }
        return made;
    }

    /** Whether it is the zeros of memory that was never written. */
    boolean isBlank() {
        return home == null && call == null;
    }

    int depth() {
        return home == null ? depth : 0;
    }

    /** Says that the numbers are in the CPU's memory: how they came about is forgotten. */
    void arrived(Buffer numbersHere) {
        home = numbersHere;
        call = null;
        inputs = null;
        numbers = null;
    }

    /** The numbers, computed by the CPU where they are not there. */
    Buffer recompute(Backend cpu) {
        ArrayDeque<Value> open = new ArrayDeque<>();
        open.push(this);
        while (!open.isEmpty()) {
            Value top = open.peek();
            boolean ready = true;
            if (top.home == null && top.call != null) {
                for (Value input : top.inputs) {
                    if (input != null && input.home == null) {
                        open.push(input);
                        ready = false;
                    }
                }
            }
            if (ready) {
                open.pop();
                if (top.home == null) {
                    top.arrived(top.compute(cpu));
                }
            }
        }
        return home;
    }

    private Buffer compute(Backend cpu) {
        Buffer made = cpu.allocate(type, size);
        if (call == null) {
            return made;
        }
        Buffer[] memories = new Buffer[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            memories[i] = inputs[i] == null ? null : inputs[i].home;
        }
        if (memories[call.target()] != null) {
            copy(cpu, memories[call.target()], made);
        }
        memories[call.target()] = made;
        call.onCpu(cpu, memories, numbers);
        return made;
    }

    static Buffer copyOf(Backend cpu, Buffer from) {
        Buffer to = cpu.allocate(from.dtype(), from.size());
        copy(cpu, from, to);
        return to;
    }

    static void copy(Backend cpu, Buffer from, Buffer to) {
        int[] shape = {from.size()};
        cpu.run(Kernel.COPY, View.contiguous(to, shape), View.contiguous(from, shape));
    }
}
