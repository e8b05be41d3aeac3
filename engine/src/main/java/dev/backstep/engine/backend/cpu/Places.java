package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;

/** Picking and putting elements by their place. */
final class Places {
    private Places() {
    }

    /** @see Kernel#GATHER */
    static void gather(View out, View source, View places) {
        CpuBuffer from = (CpuBuffer) source.buffer();
        CpuBuffer at = (CpuBuffer) places.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        boolean whole = from.dtype() == DType.INT64;
        for (Walk walk = new Walk(out, places); walk.hasRun(); walk.next()) {
            for (int i = 0; i < walk.length; i++) {
                int place = source.offset() + (int) at.getLong(walk.at[1] + i * walk.stride[1]);
                int target = walk.at[0] + i * walk.stride[0];
                if (whole) {
                    to.setLong(target, from.getLong(place));
                } else {
                    to.set(target, from.get(place));
                }
            }
        }
    }

    /** @see Kernel#SCATTER_ADD */
    static void scatterAdd(View out, View values, View places) {
        CpuBuffer from = (CpuBuffer) values.buffer();
        CpuBuffer at = (CpuBuffer) places.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        if (to.dtype() == DType.INT64) {
            long[] totals = new long[out.numel()];
            for (Walk walk = new Walk(values, places); walk.hasRun(); walk.next()) {
                for (int i = 0; i < walk.length; i++) {
                    totals[(int) at.getLong(walk.at[1] + i * walk.stride[1])] +=
                            from.getLong(walk.at[0] + i * walk.stride[0]);
                }
            }
            for (int i = 0; i < totals.length; i++) {
                to.setLong(out.offset() + i, totals[i]);
            }
            return;
        }
        double[] totals = new double[out.numel()];
        for (Walk walk = new Walk(values, places); walk.hasRun(); walk.next()) {
            for (int i = 0; i < walk.length; i++) {
                totals[(int) at.getLong(walk.at[1] + i * walk.stride[1])] +=
                        from.get(walk.at[0] + i * walk.stride[0]);
            }
        }
        to.store(totals, 0, out.offset(), 1, totals.length);
    }

    /** @see Kernel#SCATTER */
    static void scatter(View out, View values, View places) {
        CpuBuffer from = (CpuBuffer) values.buffer();
        CpuBuffer at = (CpuBuffer) places.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        boolean whole = to.dtype() == DType.INT64;
        for (Walk walk = new Walk(values, places); walk.hasRun(); walk.next()) {
            for (int i = 0; i < walk.length; i++) {
                int target = out.offset() + (int) at.getLong(walk.at[1] + i * walk.stride[1]);
                int source = walk.at[0] + i * walk.stride[0];
                if (whole) {
                    to.setLong(target, from.getLong(source));
                } else {
                    to.set(target, from.get(source));
                }
            }
        }
    }
}
