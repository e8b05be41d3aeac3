package dev.backstep.web.gpu;

import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Sliding;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import java.util.List;

/** Which memory must hold zeros before works begin. */
final class Coverage {
    private Coverage() {}

    /** For each slot, whether it is not overwritten as a whole by the first work that has to do with it. */
    static boolean[] needsZeros(List<Work> works, List<Slot> slots) {
        boolean[] needed = new boolean[slots.size()];
        boolean[] met = new boolean[slots.size()];
        for (Work work : works) {
            for (Operand in : work.ins()) {
                needed[in.slot()] |= !met[in.slot()];
                met[in.slot()] = true;
            }
            for (Operand out : work.outs()) {
                needed[out.slot()] |= !met[out.slot()] && !covers(work, out, slots.get(out.slot()).size());
                met[out.slot()] = true;
            }
        }
        return needed;
    }

    private static boolean covers(Work work, Operand out, int size) {
        boolean folds = work instanceof Work.Run run && (run.kernel() == Kernel.SUM || run.kernel() == Kernel.PROD);
        if (work instanceof Work.Run run && run.kernel() == Kernel.SCATTER) {
            return false;
        }
        if (work instanceof Work.Run run && run.kernel() == Kernel.FOLD) {
            return out.offset() == 0 && Sliding.of(out.shape(), out.strides()).size() == size;
        }
        int written = 1;
        for (int d = 0; d < out.shape().length; d++) {
            if (out.strides()[d] != 0) {
                written *= out.shape()[d];
            } else if (out.shape()[d] > 1 && !folds) {
                return false;
            }
        }
        return out.offset() == 0 && written == size;
    }
}
