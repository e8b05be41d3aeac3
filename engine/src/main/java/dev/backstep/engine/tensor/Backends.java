package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.cpu.CpuBackend;

/** Where tensors are kept and computed. */
public final class Backends {
    private static Backend current = new CpuBackend();

    private Backends() {
    }

    static Backend current() {
        return current;
    }

    /** Has tensors made from now on kept and computed there; the backend must take those made before too. */
    public static void use(Backend backend) {
        current = backend;
    }
}
