package dev.backstep.engine.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The tables that ship beside the page, brought to where tests look for them. */
public final class DataFiles {
    private DataFiles() {}

    /** Brings all of them. */
    public static void load() {
        for (Source source : Source.values()) {
            if (source.table() != null) {
                Tables.put(source.table(), text(source.table()));
            }
        }
    }

    static String text(String table) {
        try {
            return Files.readString(Path.of("../static/data/" + table + ".csv"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
