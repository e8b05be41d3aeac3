package dev.backstep.web.ui.share;

import dev.backstep.engine.graph.LinkCodec;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.web.jso.CompressionStream;
import dev.backstep.web.jso.DecompressionStream;

import dev.backstep.web.jso.TransformedStream;
import java.util.Arrays;
import org.teavm.jso.JSObject;
import org.teavm.jso.browser.Location;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.file.Blob;
import org.teavm.jso.streams.ReadableStream;
import org.teavm.jso.streams.ReadableStreamDefaultReader;
import org.teavm.jso.streams.ReadableStreamReadResult;
import org.teavm.jso.typedarrays.Int8Array;

/** Links that hold a whole document, packed by the browser. Everything here may wait. */
public final class LinkText {
    private static final String FORMAT = "deflate-raw";

    private LinkText() {}

    /** The address of this page with a run in it. */
    public static String write(SharedRun shared) {
        byte[] json = LinkCodec.bytes(shared.write());
        Location location = Location.current();
        return location.getProtocol() + "//" + location.getHost() + "/#"
                + LinkCodec.write(json, collect(stream(json, new CompressionStream(FORMAT)), Integer.MAX_VALUE));
    }

    /**
     * The run in the fragment of an address.
     *
     * @throws dev.backstep.engine.graph.GraphException where the link was cut, altered, or is none
     */
    public static SharedRun read(String fragment) {
        LinkCodec.Packed packed = LinkCodec.read(fragment);
        byte[] json;
        try {
            json = collect(stream(packed.packed(), new DecompressionStream(FORMAT)), packed.length() + 1);
        } catch (Throwable notPacked) {
            throw LinkCodec.altered();
        }
        return SharedRun.read(packed.open(json));
    }

    private static ReadableStream stream(byte[] bytes, JSObject transform) {
        JSArray<JSObject> parts = new JSArray<>();
        parts.push(Int8Array.copyFromJavaArray(bytes));
        return ((TransformedStream) (JSObject) new Blob(parts).stream()).pipeThrough(transform);
    }

    /** Reads a stream up to a limit; what was packed small may be huge. */
    private static byte[] collect(ReadableStream stream, int limit) {
        ReadableStreamDefaultReader reader = stream.getReader();
        byte[] all = new byte[0];
        while (all.length < limit) {
            ReadableStreamReadResult part = reader.read().await();
            if (part.isDone()) {
                return all;
            }
            byte[] bytes = new Int8Array(part.getValue()).copyToJavaArray();
            byte[] longer = Arrays.copyOf(all, all.length + bytes.length);
            System.arraycopy(bytes, 0, longer, all.length, bytes.length);
            all = longer;
        }
        reader.cancel(null);
        return all;
    }
}
