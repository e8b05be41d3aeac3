package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;

/** The backward node of one call of an {@link Op}. */
final class OpNode extends Node implements Saved {
    private final Op op;
    private final Attrs attrs;
    private final Meta[] inputs;
    private final Meta[] outputs;
    /** Inputs, then outputs; null where no derivative reads it. The whole array is null where nothing is kept. */
    private Tensor[] saved;
    private int[] versions;
    private boolean freed;
    private Tensor[] retained;
    private Tensor[] gradients;

    OpNode(ThreadState state, Op op, Attrs attrs, Edge[] next, Meta[] inputs, Meta[] outputs) {
        super(state.sequence++, state.scope, next);
        this.op = op;
        this.attrs = attrs;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** Keeps what the derivatives of those inputs that need one will read. */
    void save(Tensor[] in, Tensor[] out) {
        Edge[] edges = edges();
        for (int k = 0; k < edges.length; k++) {
            if (edges[k].node() == null) {
                continue;
            }
            Vjp vjp = op.vjp(k);
            if (vjp == null) {
                continue;
            }
            for (int i = 0; i < in.length; i++) {
                if (vjp.usesInput(i)) {
                    keep(i, in[i], in.length + out.length);
                }
            }
            for (int i = 0; i < out.length; i++) {
                if (vjp.usesOutput(i)) {
                    keep(in.length + i, out[i], in.length + out.length);
                }
            }
        }
    }

    /** Whether a derivative that is needed reads input {@code i}. */
    boolean reads(int i) {
        Edge[] edges = edges();
        for (int k = 0; k < edges.length; k++) {
            Vjp vjp = edges[k].node() == null ? null : op.vjp(k);
            if (vjp != null && vjp.usesInput(i)) {
                return true;
            }
        }
        return false;
    }

    private void keep(int place, Tensor tensor, int places) {
        if (saved == null) {
            saved = new Tensor[places];
            versions = new int[places];
        }
        saved[place] = tensor;
        versions[place] = tensor.version();
    }

    @Override
    public String name() {
        return op.gradFn(attrs, inputs);
    }

    /** The op whose call made this node. */
    Op op() {
        return op;
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

    /** Remembers a tensor that wants its gradient although it is no leaf. */
    void retain(int nr, Tensor tensor) {
        if (retained == null) {
            retained = new Tensor[outputs.length];
        }
        retained[nr] = tensor;
    }

    @Override
    Tensor[] apply(Tensor[] incoming) {
        for (int nr = 0; retained != null && nr < retained.length; nr++) {
            if (retained[nr] != null && incoming[nr] != null) {
                retained[nr].accumulate(incoming[nr]);
            }
        }
        Edge[] edges = edges();
        Tensor[] results = new Tensor[edges.length];
        gradients = incoming;
        Tensor g = null;
        for (Tensor gradient : incoming) {
            g = g == null ? gradient : g;
        }
        if (g == null) {
            return results;
        }
        for (int k = 0; k < edges.length; k++) {
            Vjp vjp = edges[k].node() == null ? null : op.vjp(k);
            results[k] = switch (vjp) {
                case null -> null;
                case Vjp.Formula formula -> formula.apply(incoming[0], this);
                case Vjp.Ruled ruled -> ruled.rule().apply(incoming[0], op.variadic() ? new Slot(this, k) : this);
            };
        }
        gradients = null;
        return results;
    }

    @Override
    void release() {
        if (saved != null) {
            saved = null;
            versions = null;
            freed = true;
        }
    }

    private Tensor unpack(int place) {
        if (freed) {
            throw TorchError.runtime("Trying to backward through the graph a second time (or directly access saved "
                    + "tensors after they have already been freed). Saved intermediate values of the graph are freed "
                    + "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
                    + "through the graph a second time or if you need to access saved tensors after calling backward.");
        }
        Tensor tensor = saved == null ? null : saved[place];
        if (tensor == null) {
            throw new IllegalStateException(op.type() + " reads what it did not declare as saved: " + place);
        }
        if (tensor.version() != versions[place]) {
            throw changed(tensor, versions[place]);
        }
        return tensor;
    }

    private static TorchError changed(Tensor tensor, int expected) {
        StringBuilder text = new StringBuilder("one of the variables needed for gradient computation has been modified "
                + "by an inplace operation: [").append(tensor.dtype().tensorType()).append(' ')
                .append(java.util.Arrays.toString(tensor.view().shape())).append(']');
        if (tensor.gradFn() != null) {
            text.append(", which is output ").append(tensor.outputNr()).append(" of ")
                    .append(tensor.gradFn().name()).append(',');
        }
        return TorchError.runtime(text.append(" is at version ").append(tensor.version())
                .append("; expected version ").append(expected).append(" instead. Hint: enable anomaly detection to "
                        + "find the operation that failed to compute its gradient, with "
                        + "torch.autograd.set_detect_anomaly(True).").toString());
    }

    @Override
    public Tensor in(int i) {
        return unpack(i);
    }

    @Override
    public Tensor out(int i) {
        return unpack(edges().length + i);
    }

    @Override
    public Tensor grad(int i) {
        return gradients[i] != null ? gradients[i] : Tensor.zeros(outputs[i].shape(), outputs[i].dtype());
    }

    @Override
    public Meta inMeta(int i) {
        return inputs[i];
    }

    @Override
    public Meta outMeta(int i) {
        return outputs[i];
    }

    @Override
    public Attrs attrs() {
        return attrs;
    }

    /** For a variadic op, whose one rule serves every input: says which one is meant. */
    record Slot(OpNode node, int index) implements Saved {
        @Override
        public Tensor in(int i) {
            return node.in(i);
        }

        @Override
        public Tensor out(int i) {
            return node.out(i);
        }

        @Override
        public Tensor grad(int i) {
            return node.grad(i);
        }

        @Override
        public Meta inMeta(int i) {
            return node.inMeta(i);
        }

        @Override
        public Meta outMeta(int i) {
            return node.outMeta(i);
        }

        @Override
        public Attrs attrs() {
            return node.attrs();
        }
    }
}
