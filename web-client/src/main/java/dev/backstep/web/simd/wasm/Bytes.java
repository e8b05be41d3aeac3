package dev.backstep.web.simd.wasm;

import java.util.Arrays;

/** Bytes that grow, with WebAssembly's way to write numbers. */
final class Bytes {
    private byte[] data = new byte[256];
    private int length;

    int length() {
        return length;
    }

    void add(int value) {
        if (length == data.length) {
            data = Arrays.copyOf(data, 2 * length);
        }
        data[length++] = (byte) value;
    }

    void add(Bytes other) {
        if (length + other.length > data.length) {
            data = Arrays.copyOf(data, Math.max(2 * data.length, length + other.length));
        }
        System.arraycopy(other.data, 0, data, length, other.length);
        length += other.length;
    }

    /** LEB128 without sign. */
    void unsigned(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            add(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        add(rest);
    }

    /** LEB128 with sign. */
    void signed(int value) {
        int rest = value;
        while (rest < -64 || rest > 63) {
            add(rest & 0x7f | 0x80);
            rest >>= 7;
        }
        add(rest & 0x7f);
    }

    void bits(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            add(value >>> shift);
        }
    }

    void bits(long value) {
        bits((int) value);
        bits((int) (value >>> 32));
    }

    /** ASCII with its length in front. */
    void name(String text) {
        unsigned(text.length());
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
    }

    /** Its bytes with their length in front. */
    void sized(Bytes other) {
        unsigned(other.length);
        add(other);
    }

    byte[] toArray() {
        return Arrays.copyOf(data, length);
    }
}
