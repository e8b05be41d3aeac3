package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.formula.Formula;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.AttrSpec.Kind;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.RemovableHandle;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A hook on the tensor that goes through the box unchanged: on the tensor itself, on the node that made it, or, on a
 * leaf, after its {@code .grad} has grown. What it returns is a formula of {@code g}, the gradient it sees; with an
 * empty formula it returns None and only looks.
 */
public final class HookBox extends BoxType {
    /** The kinds of hooks, by the method that registers each. */
    public static final List<String> KINDS = List.of("register_hook", "register_post_accumulate_grad_hook",
            "grad_fn.register_prehook", "grad_fn.register_hook");

    static final HookBox TYPE = new HookBox();

    private HookBox() {
        super("hook", "torch.Tensor.register_hook", List.of("input"), List.of("out"), List.of(
                new AttrSpec("kind", Kind.TEXT, KINDS.getFirst(), KINDS),
                new AttrSpec("returns", Kind.FORMULA, "")), Group.AUTOGRAD, "⚓");
    }

    private static UnaryOperator<Tensor> returns(Attrs attrs) {
        String text = attrs.text("returns");
        if (text.isBlank()) {
            return g -> null;
        }
        Formula formula = Formula.read(text, List.of("g"));
        return g -> g == null ? null : formula.values(g)[0];
    }

    @Override
    public Meta[] infer(Attrs attrs, Meta... in) {
        returns(attrs);
        kind(attrs);
        return new Meta[] {in[0]};
    }

    private static String kind(Attrs attrs) {
        if (!KINDS.contains(attrs.text("kind"))) {
            throw new IllegalArgumentException("kind: use " + String.join(", ", KINDS));
        }
        return attrs.text("kind");
    }

    @Override
    public Tensor[] apply(Attrs attrs, Tensor... in) {
        register(attrs, in[0]);
        return in;
    }

    /**
     * Hangs the hook on a tensor.
     *
     * @throws TorchError where such a hook cannot hang there
     */
    RemovableHandle register(Attrs attrs, Tensor tensor) {
        UnaryOperator<Tensor> returns = returns(attrs);
        return switch (kind(attrs)) {
            case "register_hook" -> tensor.registerHook(returns);
            case "register_post_accumulate_grad_hook" -> tensor.registerPostAccumulateGradHook(leaf -> {
                Tensor changed = returns.apply(leaf.grad());
                if (changed != null) {
                    leaf.grad(changed);
                }
            });
            case "grad_fn.register_prehook" -> node(tensor).registerPrehook(incoming -> each(returns, incoming));
            default -> node(tensor).registerHook((outgoing, _) -> each(returns, outgoing));
        };
    }

    private static Node node(Tensor tensor) {
        if (tensor.gradFn() == null) {
            throw TorchError.attribute("'NoneType' object has no attribute 'register_hook'");
        }
        return tensor.gradFn();
    }

    private static Tensor[] each(UnaryOperator<Tensor> returns, Tensor[] gradients) {
        return Arrays.stream(gradients).map(g -> {
            Tensor changed = returns.apply(g);
            return changed == null ? g : changed;
        }).toArray(Tensor[]::new);
    }
}
