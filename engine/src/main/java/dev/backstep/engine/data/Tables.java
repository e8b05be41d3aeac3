package dev.backstep.engine.data;

import dev.backstep.engine.data.DataException.Code;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tables that this place holds: those that ship beside the page, by name, once somebody has brought them
 * ({@link #put}), and those last read from texts.
 */
public final class Tables {
    private static final int REMEMBERED = 4;

    private static final Map<String, String> TEXTS = new HashMap<>();
    /** Tables by their texts, the one used last at the end. */
    private static final Map<String, Csv> READ = new LinkedHashMap<>();

    private Tables() {}

    /** Brings the text of a table that a {@link Source} names. */
    public static synchronized void put(String name, String csv) {
        TEXTS.put(name, csv);
    }

    /** The text of a table, or null where nobody has brought it. */
    public static synchronized String text(String name) {
        return TEXTS.get(name);
    }

    /**
     * A table by name.
     *
     * @throws DataException where nobody has brought it
     */
    static Csv named(String name) {
        String text = text(name);
        if (text == null) {
            throw new DataException(Code.NOT_LOADED, name);
        }
        return of(text);
    }

    /**
     * The table that a text holds, read once.
     *
     * @throws DataException where the text holds none, or is too large
     */
    public static synchronized Csv of(String text) {
        Csv known = READ.remove(text);
        Csv table = known == null ? Csv.read(text) : known;
        READ.put(text, table);
        if (READ.size() > REMEMBERED) {
            READ.remove(READ.keySet().iterator().next());
        }
        return table;
    }
}
