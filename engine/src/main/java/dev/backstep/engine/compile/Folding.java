package dev.backstep.engine.compile;

import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import java.util.ArrayList;
import java.util.List;

/** Does at once what is done to one parameter after another that lie one behind the other. */
final class Folding {
    private Folding() {
    }

    /** Replaces works of one formula on neighbouring rows of the same slots by one work; gaps are filled along. */
    static void fold(List<Work> works, List<Slot> slots) {
        List<Work> folded = new ArrayList<>();
        boolean[] done = new boolean[works.size()];
        for (int i = 0; i < done.length; i++) {
            if (done[i]) {
                continue;
            }
            Work work = works.get(i);
            for (int k = i + 1; k < done.length; k++) {
                Work joined = done[k] || !isFree(works, done, i, k) ? null : join(work, works.get(k));
                if (joined != null) {
                    work = joined;
                    done[k] = true;
                }
            }
            folded.add(work);
        }
        works.clear();
        works.addAll(folded);
    }

    /** Whether the later work may run at the place of the earlier: what runs between has nothing to do with it. */
    private static boolean isFree(List<Work> works, boolean[] done, int i, int k) {
        Work moved = works.get(k);
        for (int between = i + 1; between < k; between++) {
            if (!done[between] && (touches(works.get(between).outs(), moved.ins())
                    || touches(works.get(between).outs(), moved.outs())
                    || touches(works.get(between).ins(), moved.outs()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean touches(List<Operand> some, List<Operand> others) {
        for (Operand a : some) {
            for (Operand b : others) {
                if (a.slot() == b.slot() && a.offset() <= end(b) && b.offset() <= end(a)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int end(Operand operand) {
        int end = operand.offset();
        for (int d = 0; d < operand.shape().length; d++) {
            end += (operand.shape()[d] - 1) * Math.max(0, operand.strides()[d]);
        }
        return end;
    }

    private static Work join(Work first, Work second) {
        if (!(first instanceof Work.Pointwise a) || !(second instanceof Work.Pointwise b)
                || a.outs().size() != b.outs().size() || a.ins().size() != b.ins().size()
                || !a.formulas().equals(b.formulas())) {
            return null;
        }
        int step = b.outs().getFirst().offset() - a.outs().getFirst().offset();
        int length = Plan.numel(a.outs().getFirst());
        if (step != Plan.padded(length) && step != length) {
            return null;
        }
        int whole = step + Plan.numel(b.outs().getFirst());
        List<Operand> outs = join(a.outs(), b.outs(), step, whole);
        List<Operand> ins = join(a.ins(), b.ins(), step, whole);
        return outs == null || ins == null ? null : new Work.Pointwise(a.formulas(), outs, ins, a.params(), 0);
    }

    private static List<Operand> join(List<Operand> a, List<Operand> b, int step, int whole) {
        List<Operand> joined = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            Operand x = a.get(i);
            Operand y = b.get(i);
            if (x.slot() != y.slot() || x.type() != y.type()) {
                return null;
            }
            boolean row = isRow(x) && isRow(y) && y.offset() - x.offset() == step;
            boolean single = isSingle(x) && isSingle(y) && x.offset() == y.offset();
            if (!row && !single) {
                return null;
            }
            int[] shape = {whole};
            joined.add(new Operand(x.slot(), x.type(), shape, new int[] {row ? 1 : 0}, x.offset()));
        }
        return joined;
    }

    private static boolean isRow(Operand operand) {
        return new View(null, operand.shape(), operand.strides(), 0).isContiguous();
    }

    private static boolean isSingle(Operand operand) {
        for (int d = 0; d < operand.shape().length; d++) {
            if (operand.shape()[d] != 1 && operand.strides()[d] != 0) {
                return false;
            }
        }
        return true;
    }
}
