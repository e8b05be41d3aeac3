package dev.backstep.engine.nn;

import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of a network: parameters that training changes, buffers that it keeps besides, and parts of its own, each
 * under a name. A subclass registers them in its constructor, in PyTorch's order, with {@link #parameter},
 * {@link #buffer} and {@link #child}.
 */
public abstract class Module {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, Module> children = new LinkedHashMap<>();
    private boolean training = true;

    /** The result for those inputs; most modules take one. */
    public abstract Tensor forward(Tensor... inputs);

    /** PyTorch's name of the class, such as {@code Linear}. */
    protected String name() {
        return getClass().getSimpleName();
    }

    /** What PyTorch prints between the parentheses. */
    protected String settings() {
        return "";
    }

    // Registering

    /** Registers a tensor as one that training changes: {@code torch.nn.Parameter}. */
    protected final Tensor parameter(String name, Tensor values) {
        parameters.put(name, values.requiresGrad(true));
        return values;
    }

    /** Registers a tensor that belongs to the state without being trained. */
    protected final Tensor buffer(String name, Tensor values) {
        buffers.put(name, values);
        return values;
    }

    protected final <M extends Module> M child(String name, M module) {
        children.put(name, module);
        return module;
    }

    // Walking

    /** The parts by name, not theirs. */
    public final Map<String, Module> namedChildren() {
        return Collections.unmodifiableMap(children);
    }

    public final List<Module> children() {
        return List.copyOf(children.values());
    }

    /** Every parameter, those of the parts included, each once: {@code 0.weight}, {@code 0.bias} ... */
    public final Map<String, Tensor> namedParameters() {
        Map<String, Tensor> found = new LinkedHashMap<>();
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        walk("", (prefix, module) -> module.parameters.forEach((name, tensor) -> {
            if (seen.add(tensor)) {
                found.put(prefix + name, tensor);
            }
        }));
        return found;
    }

    public final List<Tensor> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /** Every buffer likewise. */
    public final Map<String, Tensor> namedBuffers() {
        Map<String, Tensor> found = new LinkedHashMap<>();
        walk("", (prefix, module) -> module.buffers.forEach((name, tensor) -> found.put(prefix + name, tensor)));
        return found;
    }

    private interface Visitor {
        void visit(String prefix, Module module);
    }

    private void walk(String prefix, Visitor visitor) {
        visitor.visit(prefix, this);
        children.forEach((name, child) -> child.walk(prefix + name + ".", visitor));
    }

    // Modes

    /** Whether this is being trained: dropout and batch normalization behave accordingly. */
    public final boolean isTraining() {
        return training;
    }

    public final Module train(boolean mode) {
        walk("", (_, module) -> module.training = mode);
        return this;
    }

    public final Module train() {
        return train(true);
    }

    public final Module eval() {
        return train(false);
    }

    /** Says of every parameter whether it collects gradients; false freezes this module. */
    public final Module requiresGrad(boolean required) {
        parameters().forEach(parameter -> parameter.requiresGrad(required));
        return this;
    }

    /** Clears the gradients of all parameters. */
    public final void zeroGrad() {
        zeroGrad(true);
    }

    /** @param setToNone whether {@code .grad} becomes null, or zeros */
    public final void zeroGrad(boolean setToNone) {
        Gradients.clear(parameters(), setToNone);
    }

    // State

    /** Parameters and buffers by name, outside the graph and sharing the memory. */
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        walk("", (prefix, module) -> {
            module.parameters.forEach((name, tensor) -> state.put(prefix + name, tensor.detach()));
            module.buffers.forEach((name, tensor) -> state.put(prefix + name, tensor.detach()));
        });
        return state;
    }

    /** {@link #loadStateDict(Map, boolean)}, strict. */
    public final void loadStateDict(Map<String, Tensor> state) {
        loadStateDict(state, true);
    }

    /**
     * Copies what has the right name and shape into parameters and buffers.
     *
     * @param strict whether names that are missing or too many are refused too
     * @throws TorchError listing all that did not fit; what fitted is copied nevertheless, as in PyTorch
     */
    public final void loadStateDict(Map<String, Tensor> state, boolean strict) {
        Map<String, Tensor> own = stateDict();
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        try (var _ = GradMode.noGrad()) {
            own.forEach((name, tensor) -> {
                Tensor given = state.get(name);
                if (given == null) {
                    missing.add(name);
                } else if (!Arrays.equals(given.shape(), tensor.shape())) {
                    wrong.add("size mismatch for " + name + ": copying a param with shape " + size(given)
                            + " from checkpoint, the shape in current model is " + size(tensor) + ".");
                } else {
                    tensor.copy_(given);
                }
            });
        }
        if (strict) {
            List<String> unexpected = state.keySet().stream().filter(name -> !own.containsKey(name)).toList();
            list(wrong, "Unexpected", unexpected);
            list(wrong, "Missing", missing);
        }
        if (!wrong.isEmpty()) {
            throw TorchError.runtime("Error(s) in loading state_dict for " + name() + ":\n\t"
                    + String.join("\n\t", wrong));
        }
    }

    private static void list(List<String> errors, String what, List<String> names) {
        if (!names.isEmpty()) {
            errors.add(0, what + " key(s) in state_dict: \"" + String.join("\", \"", names) + "\". ");
        }
    }

    private static String size(Tensor tensor) {
        return "torch.Size(" + Arrays.toString(tensor.shape()) + ")";
    }

    /** As PyTorch prints it, a line for each part. */
    @Override
    public final String toString() {
        if (children.isEmpty()) {
            return name() + "(" + settings() + ")";
        }
        StringBuilder text = new StringBuilder(name()).append("(\n");
        children.forEach((name, child) -> text.append("  (").append(name).append("): ")
                .append(child.toString().replace("\n", "\n  ")).append('\n'));
        return text.append(')').toString();
    }
}
