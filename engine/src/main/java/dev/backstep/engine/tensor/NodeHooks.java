package dev.backstep.engine.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What few nodes have: hooks, and tensors that want their gradient although they are no leaves. The order is PyTorch's:
 * hooks of the tensors the node made, then what {@code retain_grad} keeps, then prehooks, the node, its hooks.
 */
final class NodeHooks {
    private record OfTensor(Object scope, int nr, String name, UnaryOperator<Tensor> fn) {
    }

    private record Pre(Object scope, String name, Node.Prehook fn) {
    }

    private record Post(Object scope, String name, Node.Hook fn) {
    }

    private record PostAccumulate(Object scope, Consumer<Tensor> fn) {
    }

    private final List<OfTensor> tensorHooks = new ArrayList<>();
    private final List<Pre> prehooks = new ArrayList<>();
    private final List<Post> hooks = new ArrayList<>();
    private final List<PostAccumulate> postAccumulateHooks = new ArrayList<>();
    /** By output of the node; null where none retains. */
    private Tensor[] retained;

    RemovableHandle ofTensor(int nr, String name, UnaryOperator<Tensor> fn) {
        return add(tensorHooks, new OfTensor(scope(), nr, name, fn));
    }

    RemovableHandle prehook(String name, Node.Prehook fn) {
        return add(prehooks, new Pre(scope(), name, fn));
    }

    RemovableHandle hook(String name, Node.Hook fn) {
        return add(hooks, new Post(scope(), name, fn));
    }

    RemovableHandle postAccumulate(Consumer<Tensor> fn) {
        return add(postAccumulateHooks, new PostAccumulate(scope(), fn));
    }

    private static Object scope() {
        return ThreadState.get().scope;
    }

    private static <T> RemovableHandle add(List<T> list, T entry) {
        list.add(entry);
        return new RemovableHandle(() -> {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) == entry) {
                    list.remove(i);
                    return;
                }
            }
        });
    }

    /** Remembers a tensor that wants its gradient, or forgets it where {@code tensor} is null. */
    void retain(int nr, Tensor tensor) {
        if (retained == null) {
            retained = new Tensor[nr + 1];
        } else if (retained.length <= nr) {
            retained = Arrays.copyOf(retained, nr + 1);
        }
        retained[nr] = tensor;
    }

    /**
     * Calls the hooks of the tensors that the node made, then gives the retaining ones their gradients.
     *
     * @param arrived the gradient of each output; stays as it is
     * @param log where to write down what was called, or null
     * @return the gradients as the hooks left them
     */
    Tensor[] tensors(Tensor[] arrived, List<Step.HookCall> log) {
        Tensor[] gradients = arrived.clone();
        for (OfTensor hook : List.copyOf(tensorHooks)) {
            Tensor before = gradients[hook.nr];
            Tensor after = hook.fn.apply(before);
            if (after != null) {
                check(hook.name, before, after);
                gradients[hook.nr] = after;
            }
            log(log, Step.HookCall.Kind.TENSOR, hook.scope, hook.nr, before, gradients[hook.nr]);
        }
        for (int nr = 0; retained != null && nr < retained.length; nr++) {
            if (retained[nr] != null && gradients[nr] != null) {
                retained[nr].retain(gradients[nr]);
            }
        }
        return gradients;
    }

    /** Calls the prehooks of the node; {@code log} as in {@link #tensors}. */
    Tensor[] before(Tensor[] incoming, List<Step.HookCall> log) {
        Tensor[] gradients = incoming;
        for (Pre hook : List.copyOf(prehooks)) {
            Tensor[] seen = gradients;
            gradients = replace(hook.name, seen, hook.fn.apply(seen.clone()));
            logAll(log, Step.HookCall.Kind.PREHOOK, hook.scope, seen, gradients);
        }
        return gradients;
    }

    /**
     * Calls the hooks of the node.
     *
     * @param results the gradient of each input, as it would be sent on; an entry of the new array is replaced
     * @param incoming what the node got; {@code log} as in {@link #tensors}
     */
    Tensor[] after(Node node, Tensor[] results, Tensor[] incoming, List<Step.HookCall> log) {
        if (hooks.isEmpty()) {
            return results;
        }
        int[] places = new int[results.length];
        int count = 0;
        for (int k = 0; k < results.length; k++) {
            if (node.hasDerivative(k)) {
                places[count++] = k;
            }
        }
        Tensor[] before = new Tensor[count];
        for (int i = 0; i < count; i++) {
            before[i] = results[places[i]];
        }
        Tensor[] gradients = before;
        for (Post hook : List.copyOf(hooks)) {
            Tensor[] seen = gradients;
            gradients = replace(hook.name, seen, hook.fn.apply(seen.clone(), incoming.clone()));
            logAll(log, Step.HookCall.Kind.NODE, hook.scope, seen, gradients);
        }
        Tensor[] all = results.clone();
        for (int i = 0; i < count; i++) {
            all[places[i]] = gradients[i];
        }
        return all;
    }

    /** Calls the hooks that wait for a leaf's {@code .grad}; {@code log} as in {@link #tensors}. */
    void accumulated(Tensor leaf, List<Step.HookCall> log) {
        for (PostAccumulate hook : List.copyOf(postAccumulateHooks)) {
            Tensor before = log == null || leaf.grad() == null ? null : leaf.grad().detach();
            hook.fn.accept(leaf);
            log(log, Step.HookCall.Kind.POST_ACCUMULATE, hook.scope, 0, before,
                    log == null || leaf.grad() == null ? null : leaf.grad().detach());
        }
    }

    private static Tensor[] replace(String name, Tensor[] before, Tensor[] after) {
        if (after == null) {
            return before;
        }
        if (after.length != before.length) {
            throw TorchError.runtime("hook '" + name + "' has returned an incorrect number of values (got "
                    + after.length + ", but expected " + before.length + ")");
        }
        for (int i = 0; i < after.length; i++) {
            if (after[i] != null) {
                check(name, before[i], after[i]);
            }
        }
        return after.clone();
    }

    private static void check(String name, Tensor before, Tensor after) {
        if (before == null) {
            throw TorchError.runtime("can't replace a None gradient with a non-None value");
        }
        if (before.dtype() != after.dtype()) {
            throw TorchError.runtime("hook '" + name + "' has changed the type of value (was "
                    + before.dtype().tensorType() + " got " + after.dtype().tensorType() + ")");
        }
        if (!Arrays.equals(before.view().shape(), after.view().shape())) {
            throw TorchError.runtime("hook '" + name + "' has changed the size of value");
        }
    }

    private static void logAll(List<Step.HookCall> log, Step.HookCall.Kind kind, Object scope, Tensor[] before,
            Tensor[] after) {
        for (int i = 0; log != null && i < before.length; i++) {
            log(log, kind, scope, i, before[i], after[i]);
        }
    }

    private static void log(List<Step.HookCall> log, Step.HookCall.Kind kind, Object scope, int nr, Tensor before,
            Tensor after) {
        if (log != null) {
            log.add(new Step.HookCall(kind, scope, nr, before, after));
        }
    }
}
