package dev.backstep.engine.graph;

/** A document that is refused: which part of it, and why. The message says both in English. */
public final class GraphException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient String path;
    private final transient Reason reason;

    /**
     * @param path the faulty part, such as {@code nodes[3].attrs.data[2]}; empty for the document as a whole
     */
    public GraphException(String path, Reason reason) {
        super((path.isEmpty() ? "document" : path) + ": " + reason.text());
        this.path = path;
        this.reason = reason;
    }

    GraphException(String path, Reason.Code code, Object... arguments) {
        this(path, Reason.of(code, arguments));
    }

    public String path() {
        return path;
    }

    public Reason reason() {
        return reason;
    }
}
