package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import java.util.Arrays;

/** Memory in a Java array of the element's own type. */
abstract sealed class CpuBuffer extends Buffer {

    static CpuBuffer allocate(DType type, int size) {
        return switch (type) {
            case FLOAT32 -> new Floats(new float[size]);
            case FLOAT64 -> new Doubles(new double[size]);
            case INT64 -> new Longs(new long[size]);
            case BOOL -> new Booleans(new byte[size]);
        };
    }

    /** The element as a double; integers beyond 2^53 are rounded. */
    abstract double get(int i);

    /** Keeps a number as this type can: rounded, truncated, or as a truth. */
    abstract void set(int i, double value);

    abstract long getLong(int i);

    abstract void setLong(int i, long value);

    /** Copies {@code n} elements that lie {@code stride} apart to a block, from {@code to} on. */
    abstract void load(int from, int stride, double[] block, int to, int n);

    /** Likewise, rounded to float32. */
    void load(int from, int stride, float[] block, int to, int n) {
        if (stride == 0) {
            Arrays.fill(block, to, to + n, (float) get(from));
        } else {
            for (int i = 0, at = from; i < n; i++, at += stride) {
                block[to + i] = (float) get(at);
            }
        }
    }

    /** Copies {@code n} numbers of a block, from {@code from} on, to elements that lie {@code stride} apart. */
    abstract void store(double[] block, int from, int to, int stride, int n);

    /** Copies {@code n} elements to a buffer of the same type. */
    abstract void copy(int from, CpuBuffer to, int at, int n);

    static final class Floats extends CpuBuffer {
        final float[] data;

        Floats(float[] data) {
            this.data = data;
        }

        @Override
        public DType dtype() {
            return DType.FLOAT32;
        }

        @Override
        public int size() {
            return data.length;
        }

        @Override
        public CpuBuffer alias() {
            return new Floats(data);
        }

        @Override
        public boolean isSameMemory(Buffer other) {
            return other instanceof Floats same && same.data == data;
        }

        @Override
        double get(int i) {
            return data[i];
        }

        @Override
        void set(int i, double value) {
            data[i] = (float) value;
        }

        @Override
        long getLong(int i) {
            return (long) data[i];
        }

        @Override
        void setLong(int i, long value) {
            data[i] = value;
        }

        @Override
        void copy(int from, CpuBuffer to, int at, int n) {
            System.arraycopy(data, from, ((Floats) to).data, at, n);
        }

        @Override
        void load(int from, int stride, double[] block, int to, int n) {
            if (stride == 1) {
                for (int i = 0; i < n; i++) {
                    block[to + i] = data[from + i];
                }
                return;
            }
            for (int i = 0, at = from; i < n; i++, at += stride) {
                block[to + i] = data[at];
            }
        }

        @Override
        void load(int from, int stride, float[] block, int to, int n) {
            if (stride == 1) {
                System.arraycopy(data, from, block, to, n);
                return;
            }
            for (int i = 0, at = from; i < n; i++, at += stride) {
                block[to + i] = data[at];
            }
        }

        @Override
        void store(double[] block, int from, int to, int stride, int n) {
            if (stride == 1) {
                for (int i = 0; i < n; i++) {
                    data[to + i] = (float) block[from + i];
                }
                return;
            }
            for (int i = 0, at = to; i < n; i++, at += stride) {
                data[at] = (float) block[from + i];
            }
        }

        /** Likewise from float32. */
        void store(float[] block, int from, int to, int stride, int n) {
            if (stride == 1) {
                System.arraycopy(block, from, data, to, n);
                return;
            }
            for (int i = 0, at = to; i < n; i++, at += stride) {
                data[at] = block[from + i];
            }
        }
    }

    static final class Doubles extends CpuBuffer {
        final double[] data;

        Doubles(double[] data) {
            this.data = data;
        }

        @Override
        public DType dtype() {
            return DType.FLOAT64;
        }

        @Override
        public int size() {
            return data.length;
        }

        @Override
        public CpuBuffer alias() {
            return new Doubles(data);
        }

        @Override
        public boolean isSameMemory(Buffer other) {
            return other instanceof Doubles same && same.data == data;
        }

        @Override
        double get(int i) {
            return data[i];
        }

        @Override
        void set(int i, double value) {
            data[i] = value;
        }

        @Override
        long getLong(int i) {
            return (long) data[i];
        }

        @Override
        void setLong(int i, long value) {
            data[i] = value;
        }

        @Override
        void copy(int from, CpuBuffer to, int at, int n) {
            System.arraycopy(data, from, ((Doubles) to).data, at, n);
        }

        @Override
        void load(int from, int stride, double[] block, int to, int n) {
            if (stride == 1) {
                System.arraycopy(data, from, block, to, n);
                return;
            }
            for (int i = 0, at = from; i < n; i++, at += stride) {
                block[to + i] = data[at];
            }
        }

        @Override
        void store(double[] block, int from, int to, int stride, int n) {
            if (stride == 1) {
                System.arraycopy(block, from, data, to, n);
                return;
            }
            for (int i = 0, at = to; i < n; i++, at += stride) {
                data[at] = block[from + i];
            }
        }
    }

    static final class Longs extends CpuBuffer {
        final long[] data;

        Longs(long[] data) {
            this.data = data;
        }

        @Override
        public DType dtype() {
            return DType.INT64;
        }

        @Override
        public int size() {
            return data.length;
        }

        @Override
        public CpuBuffer alias() {
            return new Longs(data);
        }

        @Override
        public boolean isSameMemory(Buffer other) {
            return other instanceof Longs same && same.data == data;
        }

        @Override
        double get(int i) {
            return data[i];
        }

        @Override
        void set(int i, double value) {
            data[i] = (long) value;
        }

        @Override
        long getLong(int i) {
            return data[i];
        }

        @Override
        void setLong(int i, long value) {
            data[i] = value;
        }

        @Override
        void copy(int from, CpuBuffer to, int at, int n) {
            System.arraycopy(data, from, ((Longs) to).data, at, n);
        }

        @Override
        void load(int from, int stride, double[] block, int to, int n) {
            for (int i = 0, at = from; i < n; i++, at += stride) {
                block[to + i] = data[at];
            }
        }

        @Override
        void store(double[] block, int from, int to, int stride, int n) {
            for (int i = 0, at = to; i < n; i++, at += stride) {
                data[at] = (long) block[from + i];
            }
        }
    }

    static final class Booleans extends CpuBuffer {
        final byte[] data;

        Booleans(byte[] data) {
            this.data = data;
        }

        @Override
        public DType dtype() {
            return DType.BOOL;
        }

        @Override
        public int size() {
            return data.length;
        }

        @Override
        public CpuBuffer alias() {
            return new Booleans(data);
        }

        @Override
        public boolean isSameMemory(Buffer other) {
            return other instanceof Booleans same && same.data == data;
        }

        @Override
        double get(int i) {
            return data[i];
        }

        @Override
        void set(int i, double value) {
            data[i] = (byte) (value != 0 ? 1 : 0);
        }

        @Override
        long getLong(int i) {
            return data[i];
        }

        @Override
        void setLong(int i, long value) {
            data[i] = (byte) (value != 0 ? 1 : 0);
        }

        @Override
        void copy(int from, CpuBuffer to, int at, int n) {
            System.arraycopy(data, from, ((Booleans) to).data, at, n);
        }

        @Override
        void load(int from, int stride, double[] block, int to, int n) {
            for (int i = 0, at = from; i < n; i++, at += stride) {
                block[to + i] = data[at];
            }
        }

        @Override
        void store(double[] block, int from, int to, int stride, int n) {
            for (int i = 0, at = to; i < n; i++, at += stride) {
                data[at] = (byte) (block[from + i] != 0 ? 1 : 0);
            }
        }
    }

    /** A single number of a floating type or a truth, without an array around it: graphs of numbers are full of them. */
    static final class Single extends CpuBuffer {
        private final DType type;
        /** Whose number this one stands for under another version count; itself where it is nobody's. */
        private final Single origin;
        private double value;

        Single(DType type, double value) {
            this.type = type;
            this.value = type.round(value);
            origin = this;
        }

        private Single(Single origin) {
            type = origin.type;
            this.origin = origin;
        }

        @Override
        public DType dtype() {
            return type;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public CpuBuffer alias() {
            return new Single(origin);
        }

        @Override
        public boolean isSameMemory(Buffer other) {
            return other instanceof Single same && same.origin == origin;
        }

        @Override
        double get(int i) {
            return origin.value;
        }

        @Override
        void set(int i, double number) {
            origin.value = type.round(number);
        }

        @Override
        long getLong(int i) {
            return (long) origin.value;
        }

        @Override
        void setLong(int i, long number) {
            set(i, number);
        }

        @Override
        void load(int from, int stride, double[] block, int to, int n) {
            Arrays.fill(block, to, to + n, origin.value);
        }

        @Override
        void store(double[] block, int from, int to, int stride, int n) {
            set(to, block[from + n - 1]);
        }

        @Override
        void copy(int from, CpuBuffer to, int at, int n) {
            to.set(at, origin.value);
        }
    }
}
