package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArrayReader;
import org.teavm.jso.file.File;

public interface DataTransfer extends JSObject {
    String getData(String type);

    void setData(String type, String data);

    /** The files that are dropped; empty while they are still dragged. */
    @JSProperty
    JSArrayReader<File> getFiles();

    @JSProperty
    String[] getTypes();
}
