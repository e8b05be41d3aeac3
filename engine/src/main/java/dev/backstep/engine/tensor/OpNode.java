package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import java.util.ArrayList;
import java.util.List;

/**
 * The backward node of one call of an {@link Op}. Graphs are full of these, so what most calls do not need costs a
 * null field.
 */
final class OpNode extends Node {
    private final Op op;
    private final Attrs attrs;
    /** Shapes and types of the inputs; null where no rule of the op asks. */
    private final Meta[] inputs;
    private final Meta[] outputs;
    /** Bit i: input i was a matrix that lay column by column; known where the shapes are. */
    private final byte columns;
    // What is saved: inputs, then outputs; null where no derivative reads it. The first two places need no array.
    private Tensor saved0;
    private Tensor saved1;
    private Tensor[] savedOthers;
    private boolean freed;
    /** The versions they had; null where all were 0. */
    private int[] versions;

    OpNode(ThreadState state, Op op, Attrs attrs, Tensor[] in, Meta[] inputs, Meta[] outputs) {
        super(state, in);
        this.op = op;
        this.attrs = attrs;
        this.inputs = inputs;
        this.outputs = outputs;
        columns = inputs == null ? 0 : columns(in);
    }

    private static byte columns(Tensor[] in) {
        int bits = 0;
        for (int i = 0; i < Math.min(in.length, 8); i++) {
            View view = in[i].view();
            if (view.rank() == 2 && view.strides()[0] == 1 && view.strides()[1] == view.shape()[0]) {
                bits |= 1 << i;
            }
        }
        return (byte) bits;
    }

    /** Whether input {@code i} was a matrix that lay column by column. */
    boolean isColumnMajor(int i) {
        return (columns >> i & 1) == 1;
    }

    /** Keeps what the derivatives read. */
    void save(Tensor[] in, Tensor... out) {
        for (int i = 0; i < in.length; i++) {
            if (saves(i)) {
                keep(i, in[i], in.length + out.length);
            }
        }
        saveOutputs(out);
    }

    /** Keeps the outputs alone, in the version they have now: those of an op in place are inputs until it writes. */
    void saveOutputs(Tensor... out) {
        for (int i = 0; i < out.length; i++) {
            if (op.savesOutput(i)) {
                keep(inputCount() + i, out[i], inputCount() + out.length);
            }
        }
    }

    /**
     * Whether input {@code i} is kept. As in PyTorch one that the derivative of a single input reads, of several, is
     * left out where that input needs none; others are always kept.
     */
    boolean saves(int i) {
        int reader = op.reader(i);
        return reader == Op.ALWAYS || reader >= 0 && next(reader) != null;
    }

    private void keep(int place, Tensor tensor, int places) {
        if (place == 0) {
            saved0 = tensor;
        } else if (place == 1) {
            saved1 = tensor;
        } else {
            savedOthers = savedOthers == null ? new Tensor[places - 2] : savedOthers;
            savedOthers[place - 2] = tensor;
        }
        int version = tensor.version();
        if (version != 0) {
            versions = versions == null ? new int[places] : versions;
            versions[place] = version;
        }
    }

    @Override
    public String name() {
        return op.gradFn(attrs, inputs);
    }

    @Override
    String fullName() {
        return op == Movement.COPY ? "torch::autograd::" + name() : name();
    }

    @Override
    boolean hasDerivative(int k) {
        return op.vjp(k) != null;
    }

    Attrs attrs() {
        return attrs;
    }

    Meta[] inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs.length;
    }

    @Override
    int[] outputShape(int nr) {
        return outputs[nr].shape();
    }

    @Override
    DType outputType(int nr) {
        return outputs[nr].dtype();
    }

    @Override
    Tensor[] apply(ThreadState state, Tensor[] incoming) {
        Tensor[] results = new Tensor[inputCount()];
        boolean none = allNull(incoming);
        Backward partial = state.partial;
        if (none || state.gradEnabled || partial != null || op.mayLeaveUnread() && !readsAll()) {
            checkSaved();
        }
        if (none) {
            return results;
        }
        for (int k = 0; k < results.length; k++) {
            if (next(k) == null || partial != null && !partial.asksFor(next(k))) {
                continue;
            }
            Vjp vjp = op.vjp(k);
            if (vjp instanceof Vjp.Formula formula) {
                results[k] = formula.apply(state, incoming[0], this);
            } else if (vjp instanceof Vjp.Ruled ruled) {
                results[k] = ruled.rule().apply(incoming[0], new Saved(this, k, incoming));
            }
        }
        return results;
    }

    /** Whether formulas will read all that is saved: they do where every input gets a gradient. */
    private boolean readsAll() {
        for (int k = 0; k < inputCount(); k++) {
            Vjp vjp = op.vjp(k);
            if (vjp instanceof Vjp.Ruled || vjp != null && next(k) == null) {
                return false;
            }
        }
        return true;
    }

    private static boolean allNull(Tensor[] gradients) {
        for (Tensor gradient : gradients) {
            if (gradient != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<SavedTensor> saved() {
        List<SavedTensor> kept = new ArrayList<>();
        for (int place = 0; place < inputCount() + outputs.length; place++) {
            boolean input = place < inputCount();
            if (input ? saves(place) : op.savesOutput(place - inputCount())) {
                String name = input ? op.savedInput(place) : op.savedOutput(place - inputCount());
                kept.add(new SavedTensor(name, saved(place), expected(place)));
            }
        }
        return kept;
    }

    @Override
    public boolean isFreed() {
        return freed;
    }

    @Override
    void release() {
        freed |= saved0 != null || saved1 != null || savedOthers != null;
        saved0 = null;
        saved1 = null;
        savedOthers = null;
    }

    /** Input {@code i}, as it was saved. */
    Tensor in(int i) {
        return unpack(i);
    }

    /** Output {@code i}, as it was saved. */
    Tensor out(int i) {
        return unpack(inputCount() + i);
    }

    /** Refuses where anything saved was changed, whether or not a rule turns out to need it: as PyTorch does. */
    private void checkSaved() {
        int places = inputCount() + outputs.length;
        for (int place = 0; place < places; place++) {
            if (freed || saved(place) != null) {
                unpack(place);
            }
        }
    }

    private Tensor unpack(int place) {
        if (freed) {
            throw Unpack.freed();
        }
        Tensor tensor = saved(place);
        if (tensor == null) {
            throw new IllegalStateException(op.type() + " reads what it did not declare as saved: " + place);
        }
        if (tensor.version() != expected(place)) {
            throw changed();
        }
        return tensor;
    }

    private Tensor saved(int place) {
        return place == 0 ? saved0 : place == 1 ? saved1 : savedOthers == null ? null : savedOthers[place - 2];
    }

    /** The version that what is saved there had then. */
    private int expected(int place) {
        return versions == null ? 0 : versions[place];
    }

    /** The refusal for the first that was changed, in the order in which PyTorch looks: inputs by name, then outputs. */
    private TorchError changed() {
        int[] byName = op.savedOrder();
        int places = inputCount() + outputs.length;
        for (int i = 0; i < places; i++) {
            int place = i < byName.length && i < inputCount() ? byName[i] : i;
            Tensor tensor = saved(place);
            if (tensor != null && tensor.version() != expected(place)) {
                boolean made = place >= inputCount() && tensor.dtype().isFloat();
                return Unpack.changed(tensor, expected(place), made ? this : null, place - inputCount());
            }
        }
        throw new IllegalStateException("nothing saved was changed");
    }
}
