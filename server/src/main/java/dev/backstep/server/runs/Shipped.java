package dev.backstep.server.runs;

import dev.backstep.engine.data.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The tables that ship with the program, brought to where the engine looks for them. */
final class Shipped {
    private static final List<String> NAMES = List.of("iris", "penguins", "digits");

    private Shipped() {}

    static void bring() {
        for (String name : NAMES) {
            try (var file = Shipped.class.getResourceAsStream("/data/" + name + ".csv")) {
                if (file == null) {
                    throw new IllegalStateException("the table " + name + " is missing");
                }
                Tables.put(name, new String(file.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
