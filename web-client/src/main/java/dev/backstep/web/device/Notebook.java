package dev.backstep.web.device;

/** Where choices and what was measured are kept. */
public interface Notebook {
    /** What was put under that name, or null. */
    String get(String name);

    void put(String name, String value);
}
