package dev.backstep.engine.train;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies what a training has into a checkpoint, and back. */
final class Copies {
    private final Setup setup;

    Copies(Setup setup) {
        this.setup = setup;
    }

    private static Tensor copy(Tensor tensor) {
        return tensor.detach().copy().data();
    }

    // Taking

    Checkpoint take(String document, String program, long batch, int epoch, int inEpoch, long orderSeed,
            double lossSum) {
        try (GradMode.Scope _ = GradMode.noGrad()) {
            Map<String, Tensor> leaves = new LinkedHashMap<>();
            Map<String, Tensor> grads = new LinkedHashMap<>();
            setup.parameters.forEach((box, parameter) -> {
                leaves.put(box, copy(parameter));
                if (parameter.grad() != null) {
                    grads.put(box, copy(parameter.grad()));
                }
            });
            setup.buffers.forEach((box, buffer) -> leaves.put(box, copy(buffer)));
            setup.frozen.keySet().forEach(box -> leaves.put(box, copy(leaf(box))));
            Map<String, Optimizer.State> states = new LinkedHashMap<>();
            setup.optimizers.forEach((box, optimizer) -> states.put(box, copy(optimizer.stateDict())));
            setup.generator.settle();
            return new Checkpoint(document, program, batch, epoch, inEpoch, orderSeed, lossSum, leaves, grads, states,
                    setup.generator.copy());
        }
    }

    private static Optimizer.State copy(Optimizer.State state) {
        List<Map<String, Tensor>> memories = new ArrayList<>();
        for (Map<String, Tensor> memory : state.state()) {
            Map<String, Tensor> copies = new LinkedHashMap<>();
            memory.forEach((name, tensor) -> copies.put(name, copy(tensor)));
            memories.add(copies);
        }
        return new Optimizer.State(memories, state.groups());
    }

    // Putting back

    /** @throws Refusal where it does not fit; then nothing has changed */
    void put(Checkpoint saved) {
        check(saved.leaves(), true);
        check(saved.grads(), false);
        Map<String, Optimizer.State> states = new LinkedHashMap<>();
        if (!saved.optimizers().isEmpty()) {
            setup.optimizers.forEach((box, optimizer) -> states.put(box,
                    fitting(optimizer, saved.optimizers().get(box))));
        }
        try (GradMode.Scope _ = GradMode.noGrad()) {
            setup.parameters.forEach((box, parameter) -> {
                parameter.copy_(saved.leaves().get(box));
                Tensor grad = saved.grads().get(box);
                parameter.grad(grad == null ? null : copy(grad));
            });
            setup.buffers.forEach((box, buffer) -> buffer.copy_(saved.leaves().get(box)));
            for (String box : saved.leaves().keySet()) {
                if (!isWritten(box) && !setup.frozen.containsKey(box)) {
                    setup.frozen.put(box, copy(leaf(box)));
                }
            }
            setup.frozen.forEach((box, own) -> leaf(box).copy_(saved.leaves().getOrDefault(box, own)));
        }
        states.forEach((box, state) -> setup.optimizers.get(box).loadStateDict(state));
        setup.schedulers.forEach(scheduler -> scheduler.resume(saved.epoch()));
        setup.generator.set(saved.generator());
    }

    private void check(Map<String, Tensor> tensors, boolean all) {
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor own = isWritten(entry.getKey()) || all ? leaf(entry.getKey()) : null;
            if (own == null || own.dtype() != entry.getValue().dtype()
                    || !Arrays.equals(own.shape(), entry.getValue().shape())) {
                throw new Refusal(Code.OTHER_DOCUMENT);
            }
        }
        if (all && !(tensors.keySet().containsAll(setup.parameters.keySet())
                && tensors.keySet().containsAll(setup.buffers.keySet()))) {
            throw new Refusal(Code.OTHER_DOCUMENT);
        }
    }

    private boolean isWritten(String box) {
        return setup.parameters.containsKey(box) || setup.buffers.containsKey(box);
    }

    private Tensor leaf(String box) {
        Tensor[] leaf = setup.network.leaves().get(box);
        return leaf == null || box.equals(setup.dataBox) ? null : leaf[0];
    }

    /** A state as that optimizer takes it: with an entry for each parameter, and settings of the kinds that it has. */
    private static Optimizer.State fitting(Optimizer optimizer, Optimizer.State saved) {
        Optimizer.State own = optimizer.stateDict();
        if (saved == null || saved.groups().size() != own.groups().size()
                || saved.state().size() > own.state().size()) {
            throw new Refusal(Code.OTHER_DOCUMENT);
        }
        List<Map<String, Tensor>> state = new ArrayList<>(saved.state());
        while (state.size() < own.state().size()) {
            state.add(Map.of());
        }
        for (int i = 0; i < own.groups().size(); i++) {
            if (!isLike(saved.groups().get(i), own.groups().get(i))) {
                throw new Refusal(Code.BAD_CHECKPOINT, "its optimizer has other settings");
            }
        }
        Optimizer.State fits = new Optimizer.State(state, saved.groups());
        try {
            optimizer.checkStateDict(fits);
        } catch (TorchError other) {
            throw new Refusal(Code.OTHER_DOCUMENT);
        }
        return fits;
    }

    private static boolean isLike(Attrs saved, Attrs own) {
        for (String name : own.names()) {
            Object a = saved.get(name);
            Object b = own.get(name);
            boolean like = a instanceof Number && b instanceof Number || a instanceof Boolean && b instanceof Boolean
                    || a instanceof List<?> x && b instanceof List<?> y && x.size() == y.size()
                            && x.stream().allMatch(Number.class::isInstance);
            if (!like && !(name.equals("initial_lr"))) {
                return false;
            }
        }
        return true;
    }
}
