package dev.backstep.web.simd;

import dev.backstep.web.jso.WebAssembly;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.teavm.classlib.PlatformDetector;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Int32Array;

/**
 * Carries numbers between Java arrays and JavaScript's typed arrays. As WebAssembly, Java arrays are out of
 * JavaScript's sight, so the numbers go through a piece of memory that both see; in JavaScript they are typed arrays.
 */
final class Ferry {
    /** How many numbers it takes at once. */
    private static final int ROOM = 1 << 14;
    /** Up to so many go one by one, a call each. */
    private static final int FEW = 2;

    private final FloatBuffer floats;
    private final IntBuffer ints;
    private Float32Array seenFloats;
    private Int32Array seenInts;

    Ferry() {
        ByteBuffer bytes = PlatformDetector.isJavaScript() ? ByteBuffer.allocate(0)
                : ByteBuffer.allocateDirect(4 * ROOM).order(ByteOrder.nativeOrder());
        floats = bytes.asFloatBuffer();
        ints = bytes.asIntBuffer();
        look();
    }

    /** The piece of memory as JavaScript sees it; what it saw is lost when that memory grows. */
    private void look() {
        if (!PlatformDetector.isJavaScript()) {
            seenFloats = Float32Array.fromJavaBuffer(floats.clear());
            seenInts = Int32Array.fromJavaBuffer(ints.clear());
        }
    }

    void write(Float32Array to, int at, float[] values) {
        if (PlatformDetector.isJavaScript()) {
            WebAssembly.copy(to, at, Float32Array.fromJavaArray(values), 0, values.length);
            return;
        }
        if (values.length <= FEW) {
            for (int i = 0; i < values.length; i++) {
                to.set(at + i, values[i]);
            }
            return;
        }
        for (int i = 0; i < values.length; i += ROOM) {
            int count = Math.min(ROOM, values.length - i);
            floats.clear().put(values, i, count);
            while (!WebAssembly.copy(to, at + i, seenFloats, 0, count)) {
                look();
            }
        }
    }

    void write(Int32Array to, int at, int[] values) {
        if (PlatformDetector.isJavaScript()) {
            WebAssembly.copy(to, at, Int32Array.fromJavaArray(values), 0, values.length);
            return;
        }
        for (int i = 0; i < values.length; i += ROOM) {
            int count = Math.min(ROOM, values.length - i);
            ints.clear().put(values, i, count);
            while (!WebAssembly.copy(to, at + i, seenInts, 0, count)) {
                look();
            }
        }
    }

    void read(Float32Array from, int at, float[] values) {
        if (PlatformDetector.isJavaScript()) {
            WebAssembly.copy(Float32Array.fromJavaArray(values), 0, from, at, values.length);
            return;
        }
        if (values.length <= FEW) {
            for (int i = 0; i < values.length; i++) {
                values[i] = from.get(at + i);
            }
            return;
        }
        for (int i = 0; i < values.length; i += ROOM) {
            int count = Math.min(ROOM, values.length - i);
            while (!WebAssembly.copy(seenFloats, 0, from, at + i, count)) {
                look();
            }
            floats.clear().get(values, i, count);
        }
    }

    void read(Int32Array from, int at, int[] values) {
        if (PlatformDetector.isJavaScript()) {
            WebAssembly.copy(Int32Array.fromJavaArray(values), 0, from, at, values.length);
            return;
        }
        for (int i = 0; i < values.length; i += ROOM) {
            int count = Math.min(ROOM, values.length - i);
            while (!WebAssembly.copy(seenInts, 0, from, at + i, count)) {
                look();
            }
            ints.clear().get(values, i, count);
        }
    }
}
