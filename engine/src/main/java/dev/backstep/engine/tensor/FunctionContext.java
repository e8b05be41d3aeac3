package dev.backstep.engine.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a {@link Function} carries from forward to backward: PyTorch's {@code ctx}. */
public final class FunctionContext {
    private static final Tensor[] NONE = {};

    private final boolean[] needsInputGrad;
    private final Map<String, Object> attributes = new HashMap<>();
    private Tensor[] saved = NONE;
    private int[] versions = {};
    /** Which output each is, or -1 for another tensor. */
    private int[] outputs = {};
    private boolean freed;
    private Tensor[] dirty = NONE;
    private Tensor[] nonDifferentiable = NONE;
    private boolean materializes = true;
    private FunctionNode node;

    FunctionContext(boolean[] needsInputGrad) {
        this.needsInputGrad = needsInputGrad;
    }

    /** Keeps inputs or outputs for backward; null entries stay null. A second call replaces the first. */
    public void saveForBackward(Tensor... tensors) {
        saved = tensors.clone();
    }

    /**
     * What was saved, in that order.
     *
     * @throws TorchError where one was written since, or backward has freed them
     */
    public Tensor[] savedTensors() {
        if (freed) {
            throw Unpack.freed();
        }
        for (int i = 0; i < versions.length; i++) {
            if (saved[i] != null && saved[i].version() != versions[i]) {
                throw Unpack.changed(saved[i], versions[i], outputs[i] < 0 ? null : node, outputs[i]);
            }
        }
        return saved.clone();
    }

    /** Which inputs need a gradient: {@code ctx.needs_input_grad}. */
    public boolean[] needsInputGrad() {
        return needsInputGrad.clone();
    }

    /** Says which inputs forward wrote in place; each must be an output. */
    public void markDirty(Tensor... tensors) {
        dirty = tensors.clone();
    }

    /** Says which outputs get no gradient. */
    public void markNonDifferentiable(Tensor... tensors) {
        nonDifferentiable = tensors.clone();
    }

    /** Whether backward gets zeros, as it does at first, or null where no gradient arrived. */
    public void setMaterializeGrads(boolean materialize) {
        materializes = materialize;
    }

    /** Sets an attribute, as {@code ctx.name = value} does. */
    public void set(String name, Object value) {
        attributes.put(name, value);
    }

    /** An attribute, or null where none was set. */
    public Object get(String name) {
        return attributes.get(name);
    }

    boolean materializes() {
        return materializes;
    }

    boolean isDirty(Tensor tensor) {
        return Function.holds(dirty, tensor);
    }

    boolean isNonDifferentiable(Tensor tensor) {
        return Function.holds(nonDifferentiable, tensor);
    }

    void checkDirty(Tensor[] out) {
        for (Tensor tensor : dirty) {
            tensor.view().buffer().bump(ThreadState.get().scope);
            if (!Function.holds(out, tensor)) {
                throw TorchError.runtime("Some elements marked as dirty during the forward method were not returned as "
                        + "output. The inputs that are modified inplace must all be outputs of the Function.");
            }
        }
    }

    /** The outputs are in the graph now: what was saved has the version that backward expects. */
    void keep(FunctionNode maker) {
        node = maker;
        versions = new int[saved.length];
        outputs = new int[saved.length];
        for (int i = 0; i < saved.length; i++) {
            versions[i] = saved[i] == null ? 0 : saved[i].version();
            outputs[i] = saved[i] != null && saved[i].lastGradFn() == maker ? saved[i].outputNr() : -1;
        }
    }

    /** What was saved, without a look at whether it has changed since. */
    List<SavedTensor> kept() {
        List<SavedTensor> kept = new ArrayList<>();
        for (int i = 0; i < versions.length; i++) {
            if (freed || saved[i] != null) {
                kept.add(new SavedTensor("saved_tensors[" + i + "]", freed ? null : saved[i], versions[i]));
            }
        }
        return kept;
    }

    boolean isFreed() {
        return freed && versions.length > 0;
    }

    void free() {
        freed = true;
        saved = NONE;
    }
}
