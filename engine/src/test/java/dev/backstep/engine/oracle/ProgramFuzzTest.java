package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
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
            List<FuzzStatement> program = generate(seed);
            if (FuzzRun.difference(program, isCurious(seed)) != null) {
                failed++;
                if (failures.size() < SHOWN) {
                    failures.add("-Dbackstep.fuzz.programs=1 -Dbackstep.fuzz.seed=" + seed + "\n"
                            + shrunk(program, isCurious(seed)));
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
        assertEquals(generate(7).toString(), generate(7).toString());
    }

    private static boolean isCurious(long seed) {
        return (seed & 1) == 0;
    }

    private static List<FuzzStatement> generate(long seed) {
        try (PointerScope _ = new PointerScope()) {
            return new FuzzGenerator(seed).program();
        }
    }

    /** The program without the lines that do not matter, and what differs. */
    private static String shrunk(List<FuzzStatement> program, boolean curious) {
        List<FuzzStatement> left = new ArrayList<>(program);
        for (boolean smaller = true; smaller;) {
            smaller = false;
            for (int i = left.size() - 1; i >= 0; i--) {
                List<FuzzStatement> fewer = new ArrayList<>(left);
                fewer.remove(i);
                if (FuzzRun.difference(fewer, curious) != null) {
                    left = fewer;
                    smaller = true;
                }
            }
        }
        StringBuilder text = new StringBuilder();
        left.forEach(line -> text.append("    ").append(line).append('\n'));
        return text.append(FuzzRun.difference(left, curious)).append('\n').toString();
    }
}
