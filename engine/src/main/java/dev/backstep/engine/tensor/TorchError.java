package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;

/** A refusal in PyTorch's own words. {@link #kind()} is the exception PyTorch's Python front end raises. */
public final class TorchError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private transient Node node;
    private transient Changed changed;
    private boolean freed;

    /**
     * What a node had saved and found written since.
     *
     * @param expected the version it saved
     * @param found the version it found
     */
    public record Changed(Tensor tensor, int expected, int found) {
    }

    private TorchError(String kind, String message) {
        super(message);
        this.kind = kind;
    }

    public static TorchError runtime(String message) {
        return new TorchError("RuntimeError", message);
    }

    public static TorchError index(String message) {
        return new TorchError("IndexError", message);
    }

    public static TorchError value(String message) {
        return new TorchError("ValueError", message);
    }

    public static TorchError assertion(String message) {
        return new TorchError("AssertionError", message);
    }

    public static TorchError type(String message) {
        return new TorchError("TypeError", message);
    }

    public static TorchError attribute(String message) {
        return new TorchError("AttributeError", message);
    }

    /** A kernel of PyTorch's that a type lacks. */
    public static TorchError notImplemented(String kernel, DType type) {
        return runtime("\"" + kernel + "\" not implemented for '" + type.scalarName() + "'");
    }

    /** Says which node refused, if none inside it did. */
    TorchError at(Node refusing) {
        if (node == null) {
            node = refusing;
        }
        return this;
    }

    /**
     * The node of the backward graph that refused, or null where backward did not refuse. {@link Node#scope()} says
     * which forward call made it.
     */
    public Node node() {
        return node;
    }

    static TorchError changed(Changed what, String message) {
        TorchError error = runtime(message);
        error.changed = what;
        return error;
    }

    static TorchError freed(String message) {
        TorchError error = runtime(message);
        error.freed = true;
        return error;
    }

    /** What a node had saved and found written in place, where that is why it refused; else null. */
    public Changed changed() {
        return changed;
    }

    /** Whether a node refused because what it had saved was freed. */
    public boolean isFreed() {
        return freed;
    }

    /** The exception's name: {@code RuntimeError}, {@code ValueError} ... */
    public String kind() {
        return kind;
    }
}
