package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.formula.Formula;
import dev.backstep.engine.formula.FormulaException;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.AttrSpec.Kind;
import dev.backstep.engine.tensor.Function;
import dev.backstep.engine.tensor.FunctionContext;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A custom {@code torch.autograd.Function}, its forward and backward written as formulas. Forward speaks of the inputs
 * by their names; backward also of the outputs, {@code y} (or {@code y1}, {@code y2} ...), and of what arrived for
 * them, {@code g} (or {@code g1} ...). What backward reads is what the node saves. Nothing checks that the two belong
 * together: that is what {@code gradcheck} is for.
 */
public final class FunctionBox extends BoxType {
    private static final List<AttrSpec> ATTRS = List.of(
            new AttrSpec("name", Kind.TEXT, "MyFunction"),
            new AttrSpec("inputs", Kind.TEXT, "x"),
            new AttrSpec("forward", Kind.FORMULA, "x * x"),
            new AttrSpec("backward", Kind.FORMULA, "g * 2 * x"));
    private static final int MAX_PORTS = 8;

    /** The type before its attributes are known: one input, one output. */
    static final FunctionBox TYPE = new FunctionBox(Attrs.NONE);

    private FunctionBox(Attrs attrs) {
        super("function", "torch.autograd.Function", parts(attrs.has("inputs") ? attrs.text("inputs") : "x"),
                numbered("y", Math.max(1, parts(attrs.has("forward") ? attrs.text("forward") : "").size())), ATTRS,
                Group.AUTOGRAD, "ƒ");
    }

    @Override
    public NodeType with(Attrs attrs) {
        return attrs.has("inputs") || attrs.has("forward") ? new FunctionBox(attrs) : this;
    }

    /** The parts of a text between those commas that stand in no parentheses; eight at most. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int open = 0;
        int start = 0;
        for (int i = 0; i <= text.length() && parts.size() < MAX_PORTS; i++) {
            char c = i < text.length() ? text.charAt(i) : ',';
            open += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (i == text.length() || c == ',' && open == 0) {
                String part = text.substring(start, i).strip();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                start = i + 1;
            }
        }
        return List.copyOf(parts);
    }

    private static List<String> numbered(String name, int count) {
        return count == 1 ? List.of(name) : IntStream.rangeClosed(1, count).mapToObj(i -> name + i).toList();
    }

    private Formula forward(Attrs attrs) {
        String name = attrs.text("name");
        if (!Formula.isName(name)) {
            throw new FormulaException(FormulaException.Code.NOT_A_NAME, name);
        }
        for (String input : inputs()) {
            if (!Formula.isName(input)) {
                throw new FormulaException(FormulaException.Code.NOT_A_NAME, input);
            }
        }
        return Formula.read(attrs.text("forward"), inputs());
    }

    /** What backward may speak of: inputs, outputs, gradients. */
    private List<String> names() {
        List<String> names = new ArrayList<>(inputs());
        names.addAll(outputs());
        names.addAll(numbered("g", outputs().size()));
        return names;
    }

    @Override
    public Meta[] infer(Attrs attrs, Meta... in) {
        Formula.read(attrs.text("backward"), names());
        return forward(attrs).metas(in);
    }

    @Override
    public Tensor[] apply(Attrs attrs, Tensor... in) {
        Formula forward = forward(attrs);
        Formula backward = Formula.read(attrs.text("backward"), names());
        int kept = inputs().size() + outputs().size();
        return new Function(attrs.text("name")) {
            @Override
            protected Tensor[] forward(FunctionContext ctx, Tensor... given) {
                Tensor[] results = forward.values(given);
                Tensor[] saved = new Tensor[kept];
                for (int i = 0; i < kept; i++) {
                    saved[i] = !backward.reads(i) ? null : i < given.length ? given[i] : results[i - given.length];
                }
                ctx.saveForBackward(saved);
                return results;
            }

            @Override
            protected Tensor[] backward(FunctionContext ctx, Tensor... gradients) {
                Tensor[] all = new Tensor[kept + gradients.length];
                System.arraycopy(ctx.savedTensors(), 0, all, 0, kept);
                System.arraycopy(gradients, 0, all, kept, gradients.length);
                return backward.values(all);
            }
        }.apply(in);
    }
}
