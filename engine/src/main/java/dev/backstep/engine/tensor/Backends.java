package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Numbers;
import dev.backstep.engine.backend.cpu.CpuBackend;
import java.util.function.UnaryOperator;

/** Where tensors are kept and computed. */
public final class Backends {
    private static Backend current = new CpuBackend();
    /** On how many threads all calls are recorded; nearly always none. */
    private static volatile int recording;

    /** Ends a recording. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    private Backends() {
    }

    /** The backend, or on a thread that records the one that notes its calls. */
    public static Backend current() {
        if (recording == 0) {
            return current;
        }
        Backend own = ThreadState.get().recorder;
        return own == null ? current : own;
    }

    /** Whether this thread's calls are recorded: then no number may pass the backend by. */
    static boolean areRecorded() {
        return recording != 0 && ThreadState.get().recorder != null;
    }

    /** The backend that is told nothing of what is read, for looks that change no result. */
    static Backend unrecorded() {
        return current;
    }

    /** Has tensors made from now on kept and computed there; the backend must take those made before too. */
    public static void use(Backend backend) {
        current = backend;
    }

    /** Has the calls of this thread go to a backend that notes them for a while. It must use the same buffers. */
    public static Scope record(UnaryOperator<Backend> recorder) {
        return set(recorder.apply(current));
    }

    /** Has the calls of this thread go by whoever records them for a while. */
    public static Scope pause() {
        return set(null);
    }

    private static Scope set(Backend recorder) {
        ThreadState state = ThreadState.get();
        Backend before = state.recorder;
        state.recorder = recorder;
        count((recorder == null ? 0 : 1) - (before == null ? 0 : 1));
        return () -> {
            state.recorder = before;
            count((before == null ? 0 : 1) - (recorder == null ? 0 : 1));
        };
    }

    private static synchronized void count(int change) {
        recording += change;
    }

    /** Says who gives the numbers of an optimizer's formulas, where that is recorded. */
    public static void numbers(Numbers source) {
        current().numbers(source);
    }

    /** Whether an optimizer is to say who gives its numbers. */
    public static boolean wantNumbers() {
        return areRecorded();
    }
}
