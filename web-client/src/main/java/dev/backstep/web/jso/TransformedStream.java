package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.streams.ReadableStream;

/** The part of ReadableStream that sends it through a transform. */
public interface TransformedStream extends JSObject {
    ReadableStream pipeThrough(JSObject transform);
}
