package dev.backstep.web.train;

import java.util.Arrays;
import org.teavm.jso.typedarrays.Int8Array;

/**
 * The bytes of a checkpoint, in the program's memory or in the browser's. Copying them from one to the other takes long
 * for a large net, so they stay where they are until somebody reads them.
 */
public final class Bytes {
    private final byte[] here;
    private final Int8Array there;

    private Bytes(byte[] here, Int8Array there) {
        this.here = here;
        this.there = there;
    }

    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes, null);
    }

    static Bytes of(Int8Array bytes) {
        return new Bytes(null, bytes);
    }

    byte[] here() {
        return here != null ? here : there.copyToJavaArray();
    }

    Int8Array there() {
        return there != null ? there : Int8Array.copyFromJavaArray(here);
    }

    /** The first of them, at most so many; all else stays where it is. */
    byte[] head(int most) {
        return here != null ? Arrays.copyOf(here, Math.min(most, here.length))
                : new Int8Array(there.getBuffer(), there.getByteOffset(), Math.min(most, size())).copyToJavaArray();
    }

    int size() {
        return here != null ? here.length : there.getLength();
    }
}
