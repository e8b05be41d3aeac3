package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Packages import only along the arrows of docs/architecture.md, in all three modules. */
class ArchitectureTest {
    /** What each package may import of our own, besides itself. A package that is not named may not exist. */
    private static final Map<String, Set<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            Map.entry("engine", Set.of()),
            Map.entry("engine.expr", Set.of()),
            Map.entry("engine.backend", Set.of("engine.expr")),
            Map.entry("engine.backend.cpu", Set.of("engine.backend", "engine.expr")),
            Map.entry("engine.backend.device", Set.of("engine.backend", "engine.backend.cpu", "engine.expr")),
            Map.entry("engine.compile", Set.of("engine.backend", "engine.backend.device", "engine.expr")),
            Map.entry("engine.tensor", Set.of("engine.backend", "engine.backend.cpu", "engine.expr")),
            Map.entry("engine.check", Set.of("engine.backend", "engine.tensor")),
            Map.entry("engine.formula", Set.of("engine.backend", "engine.tensor")),
            Map.entry("engine.lens", Set.of("engine.backend", "engine.expr", "engine.tensor", "engine.check")),
            Map.entry("engine.nn", Set.of("engine.backend", "engine.tensor")),
            Map.entry("engine.optim", Set.of("engine.backend", "engine.expr", "engine.tensor", "engine.nn")),
            Map.entry("engine.data", Set.of("engine.backend", "engine.tensor")),
            Map.entry("engine.graph", Set.of("engine.backend", "engine.tensor", "engine.nn", "engine.optim",
                    "engine.formula", "engine.data")),
            Map.entry("engine.step", Set.of("engine.backend", "engine.tensor", "engine.nn", "engine.optim", "engine.formula",
                    "engine.graph")),
            Map.entry("engine.train", Set.of("engine.expr", "engine.backend", "engine.backend.device",
                    "engine.compile", "engine.tensor", "engine.nn", "engine.optim", "engine.data", "engine.graph", "engine.step")),
            Map.entry("web.jso", Set.of()),
            Map.entry("web.jso.webgpu", Set.of()),
            Map.entry("web.gpu", Set.of("engine", "web.jso", "web.jso.webgpu")),
            Map.entry("web.value", Set.of("engine")),
            Map.entry("web.simd.wasm", Set.of()),
            Map.entry("web.simd", Set.of("engine", "web.jso", "web.simd.wasm")),
            Map.entry("web.session", Set.of("engine", "web.value", "web.jso")),
            Map.entry("web.train", Set.of("engine", "web.jso", "web.session")),
            Map.entry("web.device", Set.of("engine", "web.jso", "web.session")),
            Map.entry("web.ui", Set.of("engine", "web.jso", "web.value", "web.session", "web.train", "web.device")),
            Map.entry("web.app", Set.of("engine", "web.jso", "web.value", "web.session", "web.train", "web.ui",
                    "web.device", "web.gpu", "web.simd")),
            Map.entry("server", Set.of("engine")),
            Map.entry("server.cpu", Set.of("engine")),
            Map.entry("server.cuda", Set.of("engine")),
            Map.entry("server.http", Set.of()),
            Map.entry("server.runs", Set.of("engine", "server.http")),
            Map.entry("server.share", Set.of("engine", "server", "server.http"))));

    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?dev\\.backstep\\.([a-z.]+)\\.[A-Z]",
            Pattern.MULTILINE);
    private static final Pattern PACKAGE = Pattern.compile("^package dev\\.backstep\\.([a-z.]+);", Pattern.MULTILINE);

    @Test
    void packagesImportAlongTheArrows() throws IOException {
        List<String> wrong = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (String module : List.of("engine", "web-client", "server")) {
            try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    check(file, Files.readString(file), seen, wrong);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(ARROWS.keySet(), seen, "the table and the packages there are");
    }

    /** TeaVM's, where they are empty, divide by zero when they are asked for a key. */
    @Test
    void nothingThatIsCompiledForTheBrowserCopiesMaps() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String module : List.of("engine", "web-client")) {
            try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    String source = Files.readString(file);
                    if (source.contains("Map.copyOf(") || source.contains("Map.ofEntries(")) {
                        wrong.add(file.toString());
                    }
                }
            }
        }
        assertEquals(List.of(), wrong, "Collections.unmodifiableMap(new LinkedHashMap<>(...)) does it");
    }

    private static void check(Path file, String source, Set<String> seen, List<String> wrong) {
        var declared = PACKAGE.matcher(source);
        assertTrue(declared.find(), () -> file + " declares no package of ours");
        String from = arrow(declared.group(1));
        seen.add(from);
        Set<String> allowed = ARROWS.get(from);
        if (allowed == null) {
            wrong.add(file + ": the package has no place in docs/architecture.md");
            return;
        }
        var imports = IMPORT.matcher(source);
        while (imports.find()) {
            String to = imports.group(1);
            boolean fits = arrow(to).equals(from) || allowed.contains(arrow(to))
                    || from.startsWith("server") && to.equals("server")
                    || allowed.contains("engine") && to.startsWith("engine.");
            // The server's own package puts the others together.
            if (!fits && !(from.equals("server") && to.startsWith("server."))) {
                wrong.add(file.getFileName() + ": " + from + " may not import " + to);
            }
        }
    }

    /** The package that stands in the table for this one: areas of the interface count as one. */
    private static String arrow(String name) {
        return name.startsWith("web.ui.") ? "web.ui" : name;
    }
}
