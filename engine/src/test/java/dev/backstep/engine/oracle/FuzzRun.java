package dev.backstep.engine.oracle;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.oracle.FuzzStatement.Kind;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;

/** Runs a program in both libraries side by side and says where they part. */
final class FuzzRun {
    /** Largest error, relative to the largest number around: gradients of gradients of a long program lose digits. */
    private static final double FLOAT64 = 1e-8;
    private static final double FLOAT32 = 2e-3;
    /** Beyond these numbers no digits are left to compare. */
    private static final double WILD = 1e6;

    private final FuzzOurs ours = new FuzzOurs();
    private final FuzzTorch theirs = new FuzzTorch();
    /** Whether derivatives have become part of the graph. Their nodes depend on how a formula was written. */
    private boolean higher;
    private double largest = 1;
    /** Whether float32 takes part; what it loses shows in float64 results too. */
    private boolean single;
    private final boolean curious;
    private boolean ended;
    /**
     * Variables that look at a gradient's memory. How often that was written depends on which buffer PyTorch could
     * take over, so their versions are not compared.
     */
    private final Set<Integer> unversioned = new HashSet<>();

    private FuzzRun(boolean curious) {
        this.curious = curious;
    }

    /**
     * What differs, with the line it differs at; null where all is the same.
     *
     * @param curious whether lines that may change other variables are followed by a look at all: that makes stale
     *     views fresh, and without it they stay stale until something reads them
     */
    static String difference(List<FuzzStatement> program, boolean curious) {
        try (PointerScope _ = new PointerScope()) {
            return new FuzzRun(curious).run(program);
        }
    }

    private String run(List<FuzzStatement> program) {
        for (FuzzStatement line : program) {
            if (!theirs.canRun(line) || ended) {
                continue;
            }
            String difference = step(line);
            if (difference != null) {
                return "at " + line + ": " + difference;
            }
        }
        String difference = ended ? null : compareAll(_ -> true, _ -> true, true);
        return difference == null ? graphs() : "at the end: " + difference;
    }

    private String step(FuzzStatement line) {
        String expected = asPythonSays(line, theirs.run(line));
        String actual;
        try {
            actual = ours.run(line);
        } catch (RuntimeException | StackOverflowError broken) {
            return "the engine broke: " + broken;
        }
        noteGradients(line);
        if (expected != null) {
            // Whether a view whose base has changed was looked at before something else was refused is left out.
            line.in().forEach(name -> {
                told(() -> String.valueOf(ours.variables.get(name).gradFn()));
                told(() -> String.valueOf(theirs.variables.get(name).grad_fn()));
            });
        }
        if (!Objects.equals(versionless(expected), versionless(actual))) {
            if (higher && (line.kind() == Kind.BACKWARD || line.kind() == Kind.GRAD)) {
                // What a derivative keeps, and what it does not depend on, is a matter of its formula.
                ended = true;
                return null;
            }
            if (expected != null && actual != null && (expected + actual).contains("modified inplace")) {
                // Both refuse; which of shapes and views is looked at first differs.
                return null;
            }
            return "refusal\n  PyTorch: " + expected + "\n  engine:  " + actual;
        }
        higher |= line.flag("create_graph");
        if (!ours.variables.keySet().equals(theirs.variables.keySet())) {
            if (higher) {
                ended = true;
                return null;
            }
            return "variables\n  PyTorch: " + theirs.variables.keySet() + "\n  engine:  " + ours.variables.keySet();
        }
        boolean touches = line.kind() != Kind.LEAF && line.kind() != Kind.OP && line.kind() != Kind.NUMBER;
        return compareAll(name -> line.out().contains(name) || line.in().contains(name) || touches && curious,
                name -> line.out().contains(name) || line.kind() == Kind.IN_PLACE, line.kind() == Kind.BACKWARD);
    }

    /** @param asked which variables to look at; {@code values} those with new numbers */
    private String compareAll(IntPredicate asked, IntPredicate values, boolean gradients) {
        for (int name : new TreeMap<>(ours.variables).keySet()) {
            String difference = asked.test(name) ? compare(name, ours.variables.get(name), theirs.variables.get(name),
                    values.test(name), gradients) : null;
            if (difference != null) {
                return "v" + name + " " + difference;
            }
        }
        return null;
    }

    /** Python asks whether inputs require gradients before C++ does, and has words of its own for them. */
    private static String asPythonSays(FuzzStatement line, String refusal) {
        if (refusal == null || line.kind() != Kind.BACKWARD && line.kind() != Kind.GRAD) {
            return refusal;
        }
        return refusal.startsWith("can't retain_grad") ? "One of the differentiated Tensors does not require grad"
                : refusal.replaceAll("element \\d+ of the input tensors", "One of the differentiated Tensors")
                        .replaceAll("element \\d+ ?of the differentiated", "One of the differentiated");
    }

    private void noteGradients(FuzzStatement line) {
        boolean gradient = line.kind() == Kind.GRAD || line.name().equals("grad");
        for (int out : line.out()) {
            if (gradient || line.in().stream().anyMatch(in -> unversioned.contains(in) && isAlias(out, in))) {
                unversioned.add(out);
            }
        }
    }

    private boolean isAlias(int out, int in) {
        org.bytedeco.pytorch.Tensor made = theirs.variables.get(out);
        return made != null && made.is_alias_of(theirs.variables.get(in));
    }

    /** Which of the nodes that made a view in turn is named in a refusal is left out as well. */
    private String versionless(String refusal) {
        return refusal == null ? null : counted(refusal).replaceAll("which is output \\d+ of "
                + "(AsStridedBackward0|(torch::autograd::)?CopySlices|\\w+Backward0),", "");
    }

    private String counted(String refusal) {
        return unversioned.isEmpty() ? refusal
                : refusal.replaceAll("is at version \\d+; expected version \\d+", "is at another version");
    }

    /** @param values whether its numbers may be new; @param gradients whether those of its gradient may */
    private String compare(int name, Tensor a, org.bytedeco.pytorch.Tensor e, boolean values, boolean gradients) {
        Flags flags = Flags.of(a);
        Flags expected = Flags.of(e);
        if (!flags.agrees(expected, unversioned.contains(name), higher)) {
            return "flags\n  PyTorch: " + expected + "\n  engine:  " + flags;
        }
        if (values) {
            if (a.dtype() != Torch.dtype(e) || !Arrays.equals(a.shape(), Torch.shape(e))) {
                return "is " + a.dtype() + Arrays.toString(a.shape()) + ", in PyTorch " + Torch.dtype(e)
                        + Arrays.toString(Torch.shape(e));
            }
            String difference = numbers("value", a, e);
            if (difference != null) {
                return difference;
            }
            if (!sameStrides(a, e, unversioned.contains(name))) {
                return "has strides " + Arrays.toString(a.view().strides()) + ", in PyTorch "
                        + Arrays.toString(Torch.strides(e)) + " for " + Arrays.toString(a.shape());
            }
        }
        org.bytedeco.pytorch.Tensor grad = e.mutable_grad();
        if (gradients && grad.defined() && a.grad() != null) {
            return numbers("grad", a.grad(), grad);
        }
        return null;
    }

    /**
     * Whether both lie alike in memory. Where a gradient has an extent of 1, its stride goes by which buffer PyTorch
     * took over and how a derivative was written; as it decides of how later results lie, the program ends there.
     */
    private boolean sameStrides(Tensor actual, org.bytedeco.pytorch.Tensor expected, boolean gradient) {
        int[] a = actual.view().strides();
        int[] e = Torch.strides(expected);
        for (int d = 0; d < a.length; d++) {
            if (a[d] != e[d] && !(gradient && actual.view().shape()[d] == 1)) {
                return false;
            }
            ended |= a[d] != e[d];
        }
        return true;
    }

    /** What was asked, or the refusal: a view that may not be written any more refuses to tell its node. */
    private static String told(Supplier<String> question) {
        String[] answer = new String[1];
        String refusal = Torch.refusal(() -> answer[0] = question.get());
        return refusal == null ? answer[0] : "refused: " + refusal.lines().findFirst().orElse("");
    }

    /** What a tensor tells of itself, beside its numbers. */
    private record Flags(boolean requiresGrad, boolean isLeaf, boolean retainsGrad, long version, boolean grad,
            String gradFn, long outputNr) {
        static Flags of(Tensor t) {
            // Before its node, because a view whose base has changed learns that by being asked.
            boolean leaf = t.isLeaf();
            boolean requires = t.requiresGrad();
            String made = told(() -> t.gradFn() == null ? null : t.gradFn().name());
            return new Flags(requires, leaf, t.retainsGrad(), t.version(), t.grad() != null, made, t.outputNr());
        }

        static Flags of(org.bytedeco.pytorch.Tensor t) {
            boolean leaf = t.is_leaf();
            boolean requires = t.requires_grad();
            String made = told(() -> {
                org.bytedeco.pytorch.Node node = t.grad_fn();
                return node == null ? null : Torch.name(node);
            });
            return new Flags(requires, leaf, t.retains_grad(), t._version(), t.mutable_grad().defined(), made,
                    t.output_nr());
        }

        boolean agrees(Flags other, boolean unversioned, boolean higher) {
            return requiresGrad == other.requiresGrad && isLeaf == other.isLeaf && retainsGrad == other.retainsGrad
                    && (unversioned || version == other.version) && outputNr == other.outputNr
                    // Derivatives as part of the graph: their nodes, and which gradients are there, go by the formula.
                    && (higher || grad == other.grad && Objects.equals(gradFn, other.gradFn));
        }
    }

    private String numbers(String what, Tensor actual, org.bytedeco.pytorch.Tensor expected) {
        double[] e = Torch.values(expected);
        double[] a = actual.toDoubles();
        if (e.length != a.length) {
            return what + " has " + a.length + " elements, in PyTorch " + e.length;
        }
        for (double value : e) {
            if (!(Math.abs(value) <= WILD)) {
                // From here on rounding decides.
                ended = true;
                return null;
            }
            largest = Math.max(largest, Math.abs(value));
        }
        single |= actual.dtype() == DType.FLOAT32;
        double tolerance = (single ? FLOAT32 : FLOAT64) * largest;
        for (int i = 0; i < e.length; i++) {
            if (!(Math.abs(e[i] - a[i]) <= tolerance)) {
                return what + "[" + i + "]\n  PyTorch: " + Arrays.toString(e) + "\n  engine:  " + Arrays.toString(a);
            }
        }
        settle(actual, e, a);
        return null;
    }

    /** Gives the engine PyTorch's last bits, so that errors do not add up and both decide alike where it matters. */
    private static void settle(Tensor actual, double[] expected, double[] were) {
        if (actual.dtype().isFloat() && !Arrays.equals(expected, were)) {
            try (var _ = GradMode.noGrad()) {
                actual.data().copy_(Tensor.of(expected, actual.shape(), actual.dtype()));
            }
        }
    }

    /** The whole graph of both: what leads where, and which nodes are the same. */
    private String graphs() {
        if (higher || ended) {
            return null;
        }
        Map<Node, Integer> seen = new HashMap<>();
        Map<Long, Integer> seenThere = new HashMap<>();
        for (int name : new TreeMap<>(ours.variables).keySet()) {
            String actual = told(() -> Torch.graph(ours.variables.get(name), seen));
            String expected = told(() -> Torch.graph(theirs.variables.get(name), seenThere));
            if (!actual.equals(expected)) {
                return "graph of v" + name + "\n  PyTorch: " + expected + "\n  engine:  " + actual;
            }
        }
        return null;
    }
}
