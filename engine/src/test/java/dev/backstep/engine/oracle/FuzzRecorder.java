package dev.backstep.engine.oracle;

import dev.backstep.engine.suite.fuzz.FuzzFlags;
import dev.backstep.engine.suite.fuzz.FuzzRecording;
import dev.backstep.engine.suite.fuzz.FuzzRecording.Line;
import dev.backstep.engine.suite.fuzz.FuzzRecording.Numbers;
import dev.backstep.engine.suite.fuzz.FuzzRecording.Seen;
import dev.backstep.engine.suite.fuzz.FuzzStatement;
import dev.backstep.engine.suite.fuzz.FuzzStatement.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;

/** Runs a program with LibTorch and writes down what is to be compared. */
final class FuzzRecorder {
    /** Beyond these numbers no digits are left to compare. */
    private static final double WILD = 1e6;

    private final FuzzTorch theirs = new FuzzTorch();
    private final boolean curious;
    private boolean higher;
    private boolean wild;
    /** Variables that look at a gradient's memory. */
    private final Set<Integer> unversioned = new HashSet<>();

    private FuzzRecorder(boolean curious) {
        this.curious = curious;
    }

    /**
     * @param curious whether lines that may change other variables are followed by a look at all: that makes stale
     *     views fresh, and without it they stay stale until something reads them
     */
    static FuzzRecording record(List<FuzzStatement> program, boolean curious) {
        try (PointerScope _ = new PointerScope()) {
            return new FuzzRecorder(curious).run(program);
        }
    }

    private FuzzRecording run(List<FuzzStatement> program) {
        List<Line> lines = new ArrayList<>();
        for (FuzzStatement statement : program) {
            if (theirs.canRun(statement) && !wild) {
                lines.add(line(statement));
            }
        }
        List<Seen> last = wild ? null : look(_ -> true, _ -> true, true);
        return new FuzzRecording(lines, wild ? null : last, wild || higher ? null : graphs());
    }

    private Line line(FuzzStatement statement) {
        String refusal = asPythonSays(statement, theirs.run(statement));
        noteGradients(statement);
        if (refusal != null) {
            statement.in().forEach(name -> theirs.told(() -> String.valueOf(theirs.variables.get(name).grad_fn())));
        }
        higher |= statement.flag("create_graph");
        Kind kind = statement.kind();
        boolean touches = kind != Kind.LEAF && kind != Kind.OP && kind != Kind.NUMBER;
        return new Line(statement, refusal, !unversioned.isEmpty(),
                List.copyOf(new TreeSet<>(theirs.variables.keySet())),
                look(name -> statement.out().contains(name) || statement.in().contains(name) || touches && curious,
                        name -> statement.out().contains(name) || kind == Kind.IN_PLACE, kind == Kind.BACKWARD));
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
        Tensor made = theirs.variables.get(out);
        return made != null && made.is_alias_of(theirs.variables.get(in));
    }

    /** @param asked which variables to look at; {@code values} those with new numbers; {@code gradients} theirs too */
    private List<Seen> look(IntPredicate asked, IntPredicate values, boolean gradients) {
        List<Seen> all = new ArrayList<>();
        new TreeMap<>(theirs.variables).forEach((name, tensor) -> {
            if (asked.test(name)) {
                FuzzFlags flags = flags(tensor);
                Numbers value = values.test(name) ? numbers(tensor) : null;
                Tensor grad = tensor.mutable_grad();
                all.add(new Seen(name, flags, unversioned.contains(name), value,
                        gradients && grad.defined() ? numbers(grad) : null));
            }
        });
        return all;
    }

    private FuzzFlags flags(Tensor t) {
        boolean leaf = t.is_leaf();
        boolean requires = t.requires_grad();
        String made = theirs.told(() -> {
            Node node = t.grad_fn();
            return node == null ? null : Torch.name(node);
        });
        return new FuzzFlags(requires, leaf, t.retains_grad(), t._version(), t.mutable_grad().defined(), made,
                t.output_nr());
    }

    private Numbers numbers(Tensor tensor) {
        double[] values = Torch.values(tensor);
        boolean tame = Arrays.stream(values).allMatch(value -> Math.abs(value) <= WILD);
        wild |= !tame;
        return new Numbers(Torch.dtype(tensor), Torch.shape(tensor), Torch.strides(tensor), tame ? values : null);
    }

    private List<String> graphs() {
        Map<Long, Integer> seen = new HashMap<>();
        List<String> graphs = new ArrayList<>();
        new TreeMap<>(theirs.variables).values()
                .forEach(tensor -> graphs.add(theirs.told(() -> Torch.graph(tensor, seen))));
        return graphs;
    }
}
