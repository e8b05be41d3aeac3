package dev.backstep.engine.tensor;

/** What registering a hook gives: {@link #remove()}, also as the end of a {@code try}, takes the hook away again. */
public final class RemovableHandle implements AutoCloseable {
    private Runnable removal;

    RemovableHandle(Runnable removal) {
        this.removal = removal;
    }

    /** Takes the hook away; a second call does nothing. */
    public void remove() {
        if (removal != null) {
            removal.run();
            removal = null;
        }
    }

    @Override
    public void close() {
        remove();
    }
}
