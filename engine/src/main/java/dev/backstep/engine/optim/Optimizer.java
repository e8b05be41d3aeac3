package dev.backstep.engine.optim;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.Numbers;
import dev.backstep.engine.nn.Gradients;
import dev.backstep.engine.tensor.Backends;
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
 * Changes parameters by their gradients. The rules are PyTorch's, in its order; its kernels round at other places, so
 * float32 results may differ in the last bits.
 */
public abstract class Optimizer {
    /** What all rules may remember: {@code state} by parameter, numbered through the groups, and the groups. */
    public record State(List<Map<String, Tensor>> state, List<Attrs> groups) {
    }

    private final Attrs defaults;
    private final List<ParamGroup> groups = new ArrayList<>();
    private final Map<Tensor, Map<String, Tensor>> state = new IdentityHashMap<>();
    /** Of the step that was recorded last. */
    private final Map<Tensor, Pace> paces = new IdentityHashMap<>();

    Optimizer(Attrs defaults, List<ParamGroup> groups) {
        this.defaults = defaults;
        if (groups.isEmpty()) {
            throw TorchError.value("optimizer got an empty parameter list");
        }
        groups.forEach(this::addParamGroup);
    }

    /** One group of all. */
    static List<ParamGroup> group(List<Tensor> params) {
        return params.isEmpty() ? List.of() : List.of(new ParamGroup(params, Attrs.NONE));
    }

    /** Refuses a setting that PyTorch refuses: {@code Invalid learning rate: -1.0}. */
    static void check(boolean fits, String what, double value) {
        if (!fits) {
            throw TorchError.value("Invalid " + what + ": " + value);
        }
    }

    static void need(boolean fits, String otherwise) {
        if (!fits) {
            throw TorchError.value(otherwise);
        }
    }

    /** Adds parameters that are treated in a way of their own, such as layers that thaw later. */
    public final void addParamGroup(ParamGroup group) {
        Attrs options = defaults;
        for (String name : group.options().names()) {
            options = options.with(name, group.options().get(name));
        }
        Set<Tensor> known = Collections.newSetFromMap(new IdentityHashMap<>());
        groups.forEach(other -> known.addAll(other.params()));
        for (Tensor param : group.params()) {
            if (!param.isLeaf()) {
                throw TorchError.value("can't optimize a non-leaf Tensor");
            }
            if (!known.add(param)) {
                throw TorchError.value("some parameters appear in more than one parameter group");
            }
        }
        group.options(options);
        groups.add(group);
    }

    public final List<ParamGroup> paramGroups() {
        return Collections.unmodifiableList(groups);
    }

    private List<Tensor> params() {
        return groups.stream().flatMap(group -> group.params().stream()).toList();
    }

    /** Clears the gradients. */
    public final void zeroGrad() {
        zeroGrad(true);
    }

    /** @param setToNone whether {@code .grad} becomes null, or zeros */
    public final void zeroGrad(boolean setToNone) {
        Gradients.clear(params(), setToNone);
    }

    /** Changes every parameter that has a gradient. */
    public final void step() {
        try (var _ = GradMode.noGrad()) {
            boolean told = Backends.wantNumbers();
            if (told) {
                pace();
            }
            for (ParamGroup group : groups) {
                for (Tensor param : group.params()) {
                    if (param.grad() != null) {
                        if (told) {
                            Backends.numbers(paces.get(param));
                        }
                        step(group, param, param.grad(), state.computeIfAbsent(param, _ -> new LinkedHashMap<>()));
                    }
                }
            }
        }
    }

    private void pace() {
        paces.clear();
        try (Backends.Scope _ = Backends.pause()) {
            groups.forEach(group -> group.params().forEach(param -> paces.put(param, pace(group, param))));
        }
    }

    /** Changes one parameter. {@code memory} is what the rule remembers of it, empty at first. */
    abstract void step(ParamGroup group, Tensor param, Tensor grad, Map<String, Tensor> memory);

    /** Zeros of the parameter's shape under that name, unless something is there already. */
    static Tensor remember(Map<String, Tensor> memory, String name, Tensor param) {
        return memory.computeIfAbsent(name, _ -> Tensor.zeros(param.shape(), param.dtype()));
    }

    /** Counts this step, from 1. */
    static double count(Map<String, Tensor> memory) {
        // What a recorded step replays counts by itself.
        try (Backends.Scope _ = Backends.wantNumbers() ? Backends.pause() : null) {
            return memory.computeIfAbsent("step", _ -> Tensor.scalar(0)).add_(1).item();
        }
    }

    /** The number of that name in the formulas of a rule, in the step of that count. */
    double number(Attrs options, String name, double t) {
        return options.number(name);
    }

    /** What a parameter is stepped by: its group, and how often it was. Parameters stepped together share one. */
    public final class Pace implements Numbers {
        private final ParamGroup group;
        private double count;

        private Pace(ParamGroup group, double count) {
            this.group = group;
            this.count = count;
        }

        /** Sets how often the parameters were stepped, the present step included. */
        public void count(double steps) {
            count = steps;
        }

        public double count() {
            return count;
        }

        @Override
        public double get(String name) {
            return number(group.options(), name, count);
        }
    }

    /** What this optimizer remembers of a parameter, by name; empty where it is nothing yet. */
    public final Map<String, Tensor> memory(Tensor param) {
        return Collections.unmodifiableMap(state.getOrDefault(param, Map.of()));
    }

    /** The pace of a parameter in the next step, where it is one of this optimizer; else null. */
    public final Pace pace(Tensor param) {
        return paces.get(param);
    }

    private Pace pace(ParamGroup group, Tensor param) {
        Tensor steps = state.getOrDefault(param, Map.of()).get("step");
        double count = steps == null ? 1 : steps.item() + 1;
        for (Pace known : paces.values()) {
            if (known.group == group && known.count == count) {
                return known;
            }
        }
        return new Pace(group, count);
    }

    // State

    /** What was remembered, not copied, and the settings. */
    public final State stateDict() {
        List<Map<String, Tensor>> all = new ArrayList<>();
        for (Tensor param : params()) {
            all.add(Collections.unmodifiableMap(state.getOrDefault(param, Map.of())));
        }
        return new State(all, groups.stream().map(ParamGroup::options).toList());
    }

    /** Goes on from there with the same parameters in the same groups; the tensors are copied. */
    public final void loadStateDict(State saved) {
        checkStateDict(saved);
        List<Tensor> params = params();
        state.clear();
        for (int i = 0; i < params.size(); i++) {
            Map<String, Tensor> memory = new LinkedHashMap<>();
            saved.state().get(i).forEach((name, tensor) -> memory.put(name, tensor.detach().copy().data()));
            if (!memory.isEmpty()) {
                state.put(params.get(i), memory);
            }
        }
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).options(saved.groups().get(i));
        }
    }

    /** @throws TorchError where {@link #loadStateDict} would refuse */
    public final void checkStateDict(State saved) {
        List<Tensor> params = params();
        need(saved.groups().size() == groups.size(),
                "loaded state dict has a different number of parameter groups");
        need(saved.state().size() == params.size(), "loaded state dict contains a parameter group that doesn't match "
                + "the size of optimizer's group");
        for (int i = 0; i < params.size(); i++) {
            for (Map.Entry<String, Tensor> entry : saved.state().get(i).entrySet()) {
                boolean step = entry.getKey().equals("step");
                if (!Arrays.equals(entry.getValue().shape(), step ? new int[0] : params.get(i).shape())) {
                    throw TorchError.value("the state '" + entry.getKey() + "' of parameter " + i
                            + " does not have the parameter's shape");
                }
            }
        }
    }
}
