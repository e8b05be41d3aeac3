package dev.backstep.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.engine.data.Csv;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.step.Health;
import dev.backstep.engine.step.Progress;
import dev.backstep.engine.step.Why;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Group;
import dev.backstep.web.device.Entry;
import dev.backstep.web.session.EventKind;
import dev.backstep.web.session.Repair;
import dev.backstep.web.ui.Shortcut;
import dev.backstep.web.ui.train.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The message files say everything the page asks for, in every language, and nothing else. */
class MessagesTest {
    private static final Path STATIC = Path.of("../static");
    private static final Path JAVA = Path.of("src/main/java");

    /** Keys stand in Java as plain strings; those that are put together begin with one of {@link #MADE}. */
    private static final Pattern IN_JAVA = Pattern.compile("\"([a-z]+(?:\\.[A-Za-z]+)+)\"");
    private static final Pattern IN_PAGE = Pattern.compile("data-(?:text|label|placeholder)=\"([^\"]+)\"");
    private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

    private static final Map<String, List<String>> MADE = Map.ofEntries(
            Map.entry("group.", names(Group.values())),
            Map.entry("health.trend.", names(Health.Trend.values())),
            Map.entry("reason.", names(Reason.Code.values())),
            Map.entry("computing.", Stream.of(Progress.Phase.values()).filter(phase -> phase != Progress.Phase.ACT)
                    .map(Enum::name).toList()),
            Map.entry("kind.", names(EventKind.values())),
            Map.entry("repair.", names(Repair.Kind.values())),
            Map.entry("why.", names(Why.NoGrad.values())),
            Map.entry("train.warning.", Warnings.CODES),
            Map.entry("devices.", Stream.of(Stream.of(Entry.State.values()).map(state -> "state." + state),
                    Stream.of(PlacedBackend.Why.values()).map(why -> "ran." + why),
                    Stream.of("OFF", "LOST", "NO_SIMD", "NO_MEMORY", "NO_WEBGPU", "NO_ADAPTER", "SOFTWARE", "LIMITS",
                            "REFUSED").map(reason -> "reason." + reason),
                    Stream.of("cpu", "simd", "webgpu").map(name -> "mark." + name),
                    Stream.of("auto", "cpu", "simd", "webgpu", "cuda").map(name -> "name." + name))
                    .flatMap(names -> names).toList()),
            Map.entry("train.device.", List.of("auto", "eager", "cpu", "simd", "webgpu", "next", "on")),
            Map.entry("theme.", List.of("system", "light", "dark")),
            Map.entry("shortcuts.", Stream.concat(Stream.of(Shortcut.values()).map(Shortcut::message),
                    Stream.of(Shortcut.Place.values()).map(Shortcut.Place::message))
                    .map(key -> key.substring("shortcuts.".length())).toList()),
            Map.entry("note.colour.", List.of("grey", "blue", "green", "yellow", "red", "purple")),
            Map.entry("gestures.", Shortcut.GESTURES.stream().flatMap(name -> Stream.of(name, name + ".how")).toList()),
            Map.entry("node.", List.of("badge.target", "badge.leaf", "badge.requiresGrad", "badge.retains",
                    "badge.detached", "badge.noGrad", "badge.version", "badge.failed", "target", "parameter", "leaf", "requiresGrad",
                    "retains", "detached", "noGrad", "version", "failed")),
            Map.entry("data.attr.", List.of("batch_size", "classes", "drop_last", "encoding", "encoding.column",
                    "encoding.index", "encoding.one_hot", "noise", "predict", "predict.auto", "predict.classes",
                    "predict.values", "samples", "seed", "shuffle", "standardize", "train_share")),
            Map.entry("data.source.", Stream.of(Source.values()).map(Source::id).toList()),
            Map.entry("data.brief.", List.of("csv", "digits", "iris")),
            Map.entry("data.problem.", names(Csv.Kind.values())),
            Map.entry("data.type.", names(Csv.Type.values())),
            Map.entry("data.separator.", List.of("comma", "semicolon", "tab")),
            Map.entry("palette.", List.of("constant.hint", "parameter.hint")),
            Map.entry("attr.error.", names(AttrSpec.Kind.INT, AttrSpec.Kind.NUMBER, AttrSpec.Kind.INTS,
                    AttrSpec.Kind.DATA, AttrSpec.Kind.NUMBERS)));

    private final JsonObject english = read("en");
    private final JsonObject chinese = read("zh");

    private static List<String> names(Enum<?>... values) {
        return Stream.of(values).map(Enum::name).toList();
    }

    private static JsonObject read(String language) {
        try {
            return JsonParser.object().from(Files.readString(STATIC.resolve("messages/" + language + ".json")));
        } catch (IOException | JsonParserException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void bothLanguagesSayTheSame() {
        assertEquals(new TreeSet<>(english.keySet()), new TreeSet<>(chinese.keySet()));
        for (String key : english.keySet()) {
            assertEquals(places(english.getString(key)), places(chinese.getString(key)), key);
        }
    }

    private static Set<String> places(String message) {
        Set<String> places = new TreeSet<>();
        PLACE.matcher(message).results().forEach(match -> places.add(match.group(1)));
        return places;
    }

    @Test
    void everyKeyThatIsUsedExistsAndEveryOneThatExistsIsUsed() throws IOException {
        Set<String> used = new TreeSet<>();
        MADE.forEach((start, ends) -> ends.forEach(end -> used.add(start + end)));
        collect(used, STATIC.resolve("index.html"), IN_PAGE);
        collect(used, STATIC.resolve("js/boot.js"), IN_JAVA);
        collect(used, STATIC.resolve("js/parts/crash.js"), IN_JAVA);
        collect(used, STATIC.resolve("examples/index.json"), IN_JAVA);
        collect(used, STATIC.resolve("examples/index.json"), Pattern.compile("\"(example\\.[^\"]+)\""));
        try (Stream<Path> files = Files.walk(JAVA)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                collect(used, file, IN_JAVA);
            }
        }
        used.removeIf(key -> !english.has(key) && !isKey(key));
        Set<String> missing = new TreeSet<>(used);
        missing.removeAll(english.keySet());
        Set<String> unused = new TreeSet<>(english.keySet());
        unused.removeAll(used);
        assertEquals(Set.of(), missing, "used, but in no message file");
        assertEquals(Set.of(), unused, "in the message files, but not used");
    }

    /** What looks like a key but is none: names of other things with a point in them. */
    private boolean isKey(String text) {
        return english.keySet().stream().anyMatch(key -> key.startsWith(text.substring(0, text.indexOf('.') + 1)));
    }

    private static void collect(Set<String> keys, Path file, Pattern pattern) throws IOException {
        pattern.matcher(Files.readString(file)).results().forEach(match -> keys.add(match.group(1)));
    }
}
