package dev.backstep.web.ui.canvas;

import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.value.HeatMap;
import dev.backstep.web.value.TensorText;
import java.util.HashMap;
import java.util.Map;

/** How tensors of a run look on nodes; found out once for each, since tensors of a run never change. */
final class TensorLooks {
    private final Map<Tensor, Look> known = new HashMap<>();

    /**
     * @param brief the numbers as text, or null where they are too many and the others are there
     * @param size the largest size of a number in it, where it is shown as a picture; else 0
     */
    private record Look(String brief, double size, String mean, String norm, HeatMap.Sample sample) {}

    /** Its numbers are read once: of a million that takes as long as a frame. */
    private Look of(Tensor tensor) {
        Look look = known.get(tensor);
        if (look == null) {
            String brief = TensorText.brief(tensor);
            if (brief != null) {
                look = new Look(brief, 0, null, null, null);
            } else {
                double[] values = tensor.toDoubles();
                look = new Look(null, HeatMap.limit(values), TensorText.shortMean(values),
                        TensorText.shortNorm(values), values.length == 0 ? null
                                : HeatMap.sample(values, tensor.shape()));
            }
            known.put(tensor, look);
        }
        return look;
    }

    /** Looks at a tensor where that has not been done; false where there was nothing to do. */
    boolean prepare(Tensor tensor) {
        boolean isNew = tensor != null && !known.containsKey(tensor);
        if (isNew) {
            of(tensor);
        }
        return isNew;
    }

    boolean isPicture(Tensor tensor) {
        return tensor != null && tensor.numel() > 0 && of(tensor).brief == null;
    }

    double size(Tensor tensor) {
        return of(tensor).size;
    }

    /** The picture by the scale of the whole graph, or null where text says it all. */
    String heat(Tensor tensor, double scale) {
        return isPicture(tensor) ? HeatMap.url(of(tensor).sample, scale) : null;
    }

    /** A value as text: the numbers, or their mean; null where there is none. */
    String value(Tensor tensor) {
        return tensor == null ? null : of(tensor).brief != null ? of(tensor).brief : of(tensor).mean;
    }

    /** A gradient as text: the numbers, or their norm; null where there is none. */
    String grad(Tensor tensor) {
        return tensor == null ? null : of(tensor).brief != null ? of(tensor).brief : of(tensor).norm;
    }
}
