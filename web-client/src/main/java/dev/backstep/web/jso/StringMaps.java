package dev.backstep.web.jso;

import org.teavm.jso.core.JSArrayReader;

/** An array of such objects. */
public interface StringMaps extends JSArrayReader<StringMap> {
}
