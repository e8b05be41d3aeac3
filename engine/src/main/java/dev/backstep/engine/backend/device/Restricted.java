package dev.backstep.engine.backend.device;

import dev.backstep.engine.expr.Expr;
import java.util.Set;

/** A device without some functions and kernels. */
final class Restricted extends ForwardingDevice {
    private final Set<String> failed;

    Restricted(Device device, Set<String> failed) {
        super(device);
        this.failed = failed;
    }

    @Override
    public boolean takes(Work work) {
        boolean fails = switch (work) {
            case Work.Run run -> failed.contains(run.kernel().name());
            case Work.Pointwise pointwise -> pointwise.formulas().stream().anyMatch(this::fails);
        };
        return !fails && device.takes(work);
    }

    private boolean fails(Expr formula) {
        return formula instanceof Expr.Call call
                && (failed.contains(SelfTest.name(call.fn())) || call.args().stream().anyMatch(this::fails));
    }
}
