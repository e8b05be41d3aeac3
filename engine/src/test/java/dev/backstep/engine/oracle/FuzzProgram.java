package dev.backstep.engine.oracle;

import dev.backstep.engine.suite.fuzz.FuzzRecording;
import dev.backstep.engine.suite.fuzz.FuzzStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;

/** A random program, what LibTorch makes of it, and which of its lines matter where somebody answers otherwise. */
public final class FuzzProgram {
    /** What programs are made of. */
    public enum Kind {
        /** Small tensors of all types. */
        SMALL,
        /** Small tensors, mostly of float32. */
        SINGLE,
        /** Fewer lines on float32 tensors of a thousand and more elements. */
        LARGE
    }

    private final List<FuzzStatement> lines;
    private final boolean curious;

    private FuzzProgram(List<FuzzStatement> lines, boolean curious) {
        this.lines = lines;
        this.curious = curious;
    }

    /** The same for the same seed and kind. */
    public static FuzzProgram of(long seed, Kind kind) {
        try (PointerScope _ = new PointerScope()) {
            return new FuzzProgram(new FuzzGenerator(seed, kind).program(), (seed & 1) == 0);
        }
    }

    /** Has LibTorch run it. */
    public FuzzRecording record() {
        return FuzzRecorder.record(lines, curious);
    }

    /**
     * The program without the lines that do not matter, and what differs.
     *
     * @param replay what differs from a recording; null where all is the same. For this program it is not null
     */
    public String shrunk(Function<FuzzRecording, String> replay) {
        FuzzProgram left = this;
        for (boolean smaller = true; smaller;) {
            smaller = false;
            for (int i = left.lines.size() - 1; i >= 0; i--) {
                List<FuzzStatement> fewer = new ArrayList<>(left.lines);
                fewer.remove(i);
                FuzzProgram candidate = new FuzzProgram(fewer, curious);
                if (replay.apply(candidate.record()) != null) {
                    left = candidate;
                    smaller = true;
                }
            }
        }
        return left + replay.apply(left.record()) + "\n";
    }

    /** A line each. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append("    ").append(line).append('\n'));
        return text.toString();
    }
}
