package dev.backstep.engine.tensor;

import java.util.Arrays;

/** The refusals of a node that wants to read what it saved in forward. */
final class Unpack {
    private Unpack() {
    }

    static TorchError freed() {
        return TorchError.freed("Trying to backward through the graph a second time (or directly access saved "
                + "tensors after they have already been freed). Saved intermediate values of the graph are freed "
                + "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
                + "through the graph a second time or if you need to access saved tensors after calling backward.");
    }

    /**
     * The memory was written since.
     *
     * @param tensor what was saved; {@code expected} the version it had then
     * @param maker the node that saved it where it is output {@code nr} of that node, or null for an input
     */
    static TorchError changed(Tensor tensor, int expected, Node maker, int nr) {
        // A view written in place is output of the node that stands for its part of the base, while it is so.
        Node gradFn = maker == null ? tensor.gradFn() : tensor.isFollowedAt(expected) ? tensor.lastGradFn() : maker;
        int output = gradFn == maker ? nr : tensor.outputNr();
        StringBuilder text = new StringBuilder("one of the variables needed for gradient computation has been modified "
                + "by an inplace operation: [").append(tensor.dtype().tensorType()).append(' ')
                .append(Arrays.toString(tensor.view().shape())).append(']');
        if (gradFn != null) {
            text.append(", which is output ").append(output).append(" of ").append(gradFn.fullName()).append(',');
        }
        return TorchError.changed(new TorchError.Changed(tensor, expected, tensor.version()),
                text.append(" is at version ").append(tensor.version())
                .append("; expected version ").append(expected).append(" instead. Hint: ")
                .append(AnomalyMode.isEnabled()
                        ? "the backtrace further above shows the operation that failed to compute its gradient. The "
                                + "variable in question was changed in there or anywhere later. Good luck!"
                        : "enable anomaly detection to find the operation that failed to compute its gradient, with "
                                + "torch.autograd.set_detect_anomaly(True).")
                .toString());
    }
}
