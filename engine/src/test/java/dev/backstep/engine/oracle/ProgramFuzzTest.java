package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.backstep.engine.oracle.FuzzProgram.Kind;
import dev.backstep.engine.suite.fuzz.FuzzRecording;
import dev.backstep.engine.suite.fuzz.FuzzReplay;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Random programs, line by line in the engine and in LibTorch: values, gradients, flags, versions, graphs, refusals.
 * The same 2,000 each time; {@code -Dbackstep.fuzz.programs=N -Dbackstep.fuzz.seed=S} runs N others, or that of a
 * seed in a report where N is 1.
 */
class ProgramFuzzTest {
    private static final int PROGRAMS = Integer.getInteger("backstep.fuzz.programs", 2000);
    private static final long SEED = Long.getLong("backstep.fuzz.seed", 1);
    private static final int SHOWN = 5;

    @Test
    void programsGoAsInPyTorch() {
        Random seeds = new Random(SEED);
        List<String> failures = new ArrayList<>();
        int failed = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            long seed = PROGRAMS == 1 ? SEED : seeds.nextLong();
            FuzzProgram program = FuzzProgram.of(seed, Kind.SMALL);
            if (FuzzReplay.difference(program.record()) != null) {
                failed++;
                if (failures.size() < SHOWN) {
                    failures.add("-Dbackstep.fuzz.programs=1 -Dbackstep.fuzz.seed=" + seed + "\n"
                            + program.shrunk(FuzzReplay::difference));
                }
            }
        }
        if (failed > 0) {
            fail(failed + " of " + PROGRAMS + " programs differ\n" + String.join("\n", failures));
        }
    }

    /** Otherwise a seed in a report would be of no use. */
    @Test
    void aSeedMakesTheSameProgram() {
        for (Kind kind : Kind.values()) {
            assertEquals(FuzzProgram.of(7, kind).toString(), FuzzProgram.of(7, kind).toString());
        }
    }

    /** Pages that are no JVM read it so. */
    @Test
    void aRecordingIsTheSameAsText() {
        for (int seed = 0; seed < 20; seed++) {
            for (Kind kind : Kind.values()) {
                String text = FuzzProgram.of(seed, kind).record().text();
                assertEquals(text, FuzzRecording.of(text).text());
                assertNull(FuzzReplay.difference(FuzzRecording.of(text)));
            }
        }
    }

    /** Numbers that are not LibTorch's are found, and the line named. */
    @Test
    void anotherAnswerIsADifference() {
        String text = FuzzProgram.of(11, Kind.LARGE).record().text();
        Matcher number = Pattern.compile("\"seen\":.*?\\[\\d*,?\\d*],\\[\\d*,?\\d*],\\[(-?[\\d.]+)").matcher(text);
        assertTrue(number.find());
        String wrong = text.substring(0, number.start(1)) + "77" + text.substring(number.end(1));
        String difference = FuzzReplay.difference(FuzzRecording.of(wrong));
        assertTrue(difference != null && difference.startsWith("at v") && difference.contains("77.0"), difference);
    }
}
