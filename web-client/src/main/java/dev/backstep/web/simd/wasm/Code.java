package dev.backstep.web.simd.wasm;

import java.util.ArrayList;
import java.util.List;

/** The body of a function under construction: instructions in the order they are asked for. */
public final class Code {
    private final WasmModule module;
    private final int index;
    private final int params;
    private final List<Type> locals = new ArrayList<>();
    /** What runs once before all else; constants are kept in locals so that loops do not make them anew. */
    private final Bytes prologue = new Bytes();
    private final Bytes body = new Bytes();

    Code(WasmModule module, int index, int params) {
        this.module = module;
        this.index = index;
        this.params = params;
    }

    /** The number by which it is called. */
    public int index() {
        return index;
    }

    public WasmModule module() {
        return module;
    }

    /** A new local variable. */
    public int local(Type type) {
        locals.add(type);
        return params + locals.size() - 1;
    }

    public Code op(Op op) {
        op.write(body);
        return this;
    }

    /** Fills so many bytes, on the stack, with a byte; the address lies below. */
    public Code fill() {
        op(Op.MEMORY_FILL);
        body.add(0);
        return this;
    }

    /** An instruction on one lane. */
    public Code lane(Op op, int lane) {
        op.write(body);
        body.add(lane);
        return this;
    }

    /** A load or store; the address below what is stored lies on the stack. */
    public Code memory(Op op, int offset) {
        op.write(body);
        body.unsigned(0);
        body.unsigned(offset);
        return this;
    }

    /** A load or store of one lane. */
    public Code memory(Op op, int offset, int lane) {
        memory(op, offset);
        body.add(lane);
        return this;
    }

    public Code get(int local) {
        body.add(0x20);
        body.unsigned(local);
        return this;
    }

    public Code set(int local) {
        body.add(0x21);
        body.unsigned(local);
        return this;
    }

    public Code tee(int local) {
        body.add(0x22);
        body.unsigned(local);
        return this;
    }

    public Code i32(int value) {
        body.add(0x41);
        body.signed(value);
        return this;
    }

    public Code f64(double value) {
        body.add(0x44);
        body.bits(Double.doubleToRawLongBits(value));
        return this;
    }

    /** The lanes of a and b by number: of words, 0 to 3 are a's and 4 to 7 are b's. */
    public Code shuffle(int... words) {
        Op.I8X16_SHUFFLE.write(body);
        for (int word : words) {
            for (int i = 0; i < 4; i++) {
                body.add(4 * word + i);
            }
        }
        return this;
    }

    /** A local that holds these four words from the start. */
    public int words(int a, int b, int c, int d) {
        int local = local(Type.V128);
        prologue.add(0xfd);
        prologue.unsigned(12);
        prologue.bits(a);
        prologue.bits(b);
        prologue.bits(c);
        prologue.bits(d);
        prologue.add(0x21);
        prologue.unsigned(local);
        return local;
    }

    /** A local that holds a number read from that address at the start. */
    public int read(Type type, Op load, int address) {
        int local = local(type);
        prologue.add(0x41);
        prologue.signed(0);
        load.write(prologue);
        prologue.unsigned(0);
        prologue.unsigned(address);
        prologue.add(0x21);
        prologue.unsigned(local);
        return local;
    }

    public Code call(int function) {
        body.add(0x10);
        body.unsigned(function);
        return this;
    }

    /** Adds a constant to a local. */
    public Code advance(int local, int by) {
        return by == 0 ? this : get(local).i32(by).op(Op.I32_ADD).set(local);
    }

    /** Does the inner part {@code times} times; a part that is done once or never costs no loop. */
    public Code repeat(int times, Runnable inner) {
        if (times == 1) {
            inner.run();
        } else if (times > 1) {
            int left = local(Type.I32);
            i32(times).set(left);
            loop(() -> {
                inner.run();
                get(left).i32(1).op(Op.I32_SUB).tee(left);
            });
        }
        return this;
    }

    /** Does the inner part, which leaves a condition, again and again as long as that is not 0. */
    public Code loop(Runnable inner) {
        body.add(0x03);
        body.add(0x40);
        inner.run();
        body.add(0x0d);
        body.add(0);
        body.add(0x0b);
        return this;
    }

    /** Does the inner part where the condition on the stack is not 0. */
    public Code when(Runnable inner) {
        body.add(0x04);
        body.add(0x40);
        inner.run();
        body.add(0x0b);
        return this;
    }

    Bytes bytes() {
        Bytes all = new Bytes();
        all.unsigned(locals.size());
        for (Type type : locals) {
            all.unsigned(1);
            all.add(type.code());
        }
        all.add(prologue);
        all.add(body);
        all.add(0x0b);
        return all;
    }
}
