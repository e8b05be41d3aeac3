package dev.backstep.web.ui;

import org.teavm.jso.browser.Storage;

/** Choices of this reader, kept in this browser; a browser that keeps nothing gives the fallbacks. */
public final class Settings {
    private static final String PREFIX = "backstep.";

    private Settings() {}

    public static String get(String name, String fallback) {
        try {
            String value = Storage.getLocalStorage().getItem(PREFIX + name);
            return value == null ? fallback : value;
        } catch (Throwable forbidden) {
            return fallback;
        }
    }

    public static void put(String name, String value) {
        try {
            Storage.getLocalStorage().setItem(PREFIX + name, value);
        } catch (Throwable forbidden) {
            // A choice that cannot be kept holds for this visit.
        }
    }
}
