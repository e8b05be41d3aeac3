package dev.backstep.engine.suite.fuzz;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.suite.fuzz.FuzzRecording.Line;
import dev.backstep.engine.suite.fuzz.FuzzRecording.Numbers;
import dev.backstep.engine.suite.fuzz.FuzzRecording.Seen;
import dev.backstep.engine.suite.fuzz.FuzzStatement.Kind;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs a program with the engine, on whatever backend is in use, and says where it parts from what LibTorch did. */
public final class FuzzReplay {
    /** Largest error, relative to the largest number around: gradients of gradients of a long program lose digits. */
    private static final double FLOAT64 = 1e-8;
    private static final double FLOAT32 = 2e-3;

    private final FuzzOurs ours = new FuzzOurs();
    /** Whether derivatives have become part of the graph. Their nodes depend on how a formula was written. */
    private boolean higher;
    private double largest = 1;
    /** Whether float32 takes part; what it loses shows in float64 results too. */
    private boolean single;
    private boolean ended;

    private FuzzReplay() {
    }

    /** What differs, with the line it differs at; null where all is the same. */
    public static String difference(FuzzRecording recording) {
        return new FuzzReplay().run(recording);
    }

    private String run(FuzzRecording recording) {
        for (Line line : recording.lines()) {
            if (ended) {
                return null;
            }
            String difference = step(line);
            if (difference != null) {
                return "at " + line.statement() + ": " + difference;
            }
        }
        if (ended || recording.last() == null) {
            return null;
        }
        String difference = compareAll(recording.last());
        return difference == null ? graphs(recording.graphs()) : "at the end: " + difference;
    }

    private String step(Line line) {
        FuzzStatement statement = line.statement();
        String expected = line.refusal();
        String actual;
        try {
            actual = ours.run(statement);
        } catch (RuntimeException | StackOverflowError broken) {
            return "the engine broke: " + broken;
        }
        if (expected != null) {
            // Whether a view whose base has changed was looked at before something else was refused is left out.
            statement.in().forEach(name -> ours.told(() -> String.valueOf(ours.variables.get(name).gradFn())));
        }
        boolean parted = false;
        if (!Objects.equals(versionless(expected, line), versionless(actual, line))) {
            if (higher && (statement.kind() == Kind.BACKWARD || statement.kind() == Kind.GRAD)) {
                // What a derivative keeps, and what it does not depend on, is a matter of its formula.
                ended = true;
                return null;
            }
            // Where both refuse, which of shapes and views is looked at first differs.
            parted = expected != null && actual != null && (expected + actual).contains("modified inplace");
            if (!parted) {
                return "refusal\n  PyTorch: " + expected + "\n  engine:  " + actual;
            }
        }
        higher |= statement.flag("create_graph");
        List<Integer> names = List.copyOf(new TreeSet<>(ours.variables.keySet()));
        if (!names.equals(line.variables())) {
            ended = higher;
            return higher ? null : "variables\n  PyTorch: " + line.variables() + "\n  engine:  " + names;
        }
        if (parted) {
            // LibTorch was asked, which makes stale views fresh.
            line.seen().forEach(seen -> FuzzFlags.of(ours.variables.get(seen.name()), ours));
            return null;
        }
        return compareAll(line.seen());
    }

    private String compareAll(List<Seen> all) {
        for (Seen seen : all) {
            String difference = compare(seen, ours.variables.get(seen.name()));
            if (difference != null) {
                return "v" + seen.name() + " " + difference;
            }
        }
        return null;
    }

    /** Which of the nodes that made a view in turn is named in a refusal is left out as well. */
    private static String versionless(String refusal, Line line) {
        if (refusal == null) {
            return null;
        }
        String counted = !line.unversioned() ? refusal
                : refusal.replaceAll("is at version \\d+; expected version \\d+", "is at another version");
        return counted.replaceAll("which is output \\d+ of "
                + "(AsStridedBackward0|(torch::autograd::)?CopySlices|\\w+Backward0),", "");
    }

    private String compare(Seen seen, Tensor actual) {
        FuzzFlags flags = FuzzFlags.of(actual, ours);
        if (!flags.agrees(seen.flags(), seen.unversioned(), higher)) {
            return "flags\n  PyTorch: " + seen.flags() + "\n  engine:  " + flags;
        }
        Numbers value = seen.value();
        if (value != null) {
            if (actual.dtype() != value.type() || !Arrays.equals(actual.shape(), value.shape())) {
                return "is " + actual.dtype() + Arrays.toString(actual.shape()) + ", in PyTorch " + value.type()
                        + Arrays.toString(value.shape());
            }
            String difference = numbers("value", actual, value);
            if (difference != null) {
                return difference;
            }
            if (!sameStrides(actual, value.strides(), seen.unversioned())) {
                return "has strides " + Arrays.toString(actual.view().strides()) + ", in PyTorch "
                        + Arrays.toString(value.strides()) + " for " + Arrays.toString(actual.shape());
            }
        }
        return seen.grad() == null || actual.grad() == null ? null : numbers("grad", actual.grad(), seen.grad());
    }

    /**
     * Whether both lie alike in memory. Where a gradient has an extent of 1, its stride goes by which buffer PyTorch
     * took over and how a derivative was written; as it decides of how later results lie, the program ends there.
     */
    private boolean sameStrides(Tensor actual, int[] expected, boolean gradient) {
        int[] strides = actual.view().strides();
        for (int d = 0; d < strides.length; d++) {
            if (strides[d] != expected[d] && !(gradient && actual.view().shape()[d] == 1)) {
                return false;
            }
            ended |= strides[d] != expected[d];
        }
        return true;
    }

    private String numbers(String what, Tensor actual, Numbers numbers) {
        if (numbers.isWild()) {
            ended = true;
            return null;
        }
        double[] e = numbers.values();
        double[] a = actual.toDoubles();
        if (e.length != a.length) {
            return what + " has " + a.length + " elements, in PyTorch " + e.length;
        }
        for (double value : e) {
            largest = Math.max(largest, Math.abs(value));
        }
        single |= actual.dtype() == DType.FLOAT32;
        double tolerance = (single ? FLOAT32 : FLOAT64) * largest;
        for (int i = 0; i < e.length; i++) {
            if (!(Math.abs(e[i] - a[i]) <= tolerance)) {
                return what + "[" + i + "]\n  PyTorch: " + around(e, i) + "\n  engine:  " + around(a, i);
            }
        }
        settle(actual, e, a);
        return null;
    }

    private static String around(double[] values, int i) {
        return Arrays.toString(Arrays.copyOfRange(values, Math.max(0, i - 8), Math.min(values.length, i + 8)));
    }

    /** Gives the engine PyTorch's last bits, so that errors do not add up and both decide alike where it matters. */
    private static void settle(Tensor actual, double[] expected, double[] were) {
        if (actual.dtype().isFloat() && !Arrays.equals(expected, were)) {
            try (var _ = GradMode.noGrad()) {
                actual.data().copy_(Tensor.of(expected, actual.shape(), actual.dtype()));
            }
        }
    }

    /** The whole graph behind each variable: what leads where, and which nodes are the same. */
    private String graphs(List<String> expected) {
        if (higher || expected == null) {
            return null;
        }
        Map<Node, Integer> seen = new HashMap<>();
        int i = 0;
        for (Map.Entry<Integer, Tensor> variable : new TreeMap<>(ours.variables).entrySet()) {
            String actual = ours.told(() -> GraphText.of(variable.getValue(), seen));
            if (!actual.equals(expected.get(i))) {
                return "graph of v" + variable.getKey() + "\n  PyTorch: " + expected.get(i) + "\n  engine:  " + actual;
            }
            i++;
        }
        return null;
    }
}
