package dev.backstep.web.app;

import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.browser.History;
import org.teavm.jso.browser.Location;

/** What the page's address names on the server, as {@code ?run=...}, so that a reload or a link brings it back. */
final class Address {
    private static final String ID = "[A-Za-z0-9_-]{24}";

    private Address() {}

    /** The id under a name, or null. */
    static String get(String name) {
        for (String part : parts()) {
            if (part.matches(name + "=" + ID)) {
                return part.substring(name.length() + 1);
            }
        }
        return null;
    }

    /** Puts an id there, or takes it away where it is null; the rest of the address stays. */
    static void put(String name, String id) {
        List<String> parts = new ArrayList<>(parts());
        parts.removeIf(part -> part.startsWith(name + "="));
        if (id != null) {
            parts.add(name + "=" + id);
        }
        Location location = Location.current();
        History.current().replaceState(null, "", location.getPathName()
                + (parts.isEmpty() ? "" : "?" + String.join("&", parts)) + location.getHash());
    }

    private static List<String> parts() {
        String search = Location.current().getSearch();
        return search.isEmpty() ? List.of() : List.of(search.substring(1).split("&"));
    }
}
