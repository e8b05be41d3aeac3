package dev.backstep.web.jso;

import org.teavm.jso.JSObject;

public interface DataTransfer extends JSObject {
    String getData(String type);

    void setData(String type, String data);
}
