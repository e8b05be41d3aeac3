package dev.backstep.web.app;

import dev.backstep.web.train.SweepWatch;
import dev.backstep.web.train.Sweeps;
import java.util.Objects;

/** Keeps the open sweep in the page's address. */
final class SweepAddress {
    private static final String SWEEP = "sweep";

    private final Sweeps sweeps;
    private String written = Address.get(SWEEP);

    SweepAddress(Sweeps sweeps) {
        this.sweeps = sweeps;
        sweeps.changed.listen(this::write);
    }

    /** Opens the sweep that the address names; true where it names one. */
    boolean open() {
        if (written != null) {
            sweeps.open(written);
        }
        return written != null;
    }

    private void write() {
        SweepWatch watch = sweeps.watch();
        String id = watch == null ? null : watch.id();
        if (!Objects.equals(id, written)) {
            written = id;
            Address.put(SWEEP, id);
        }
    }
}
