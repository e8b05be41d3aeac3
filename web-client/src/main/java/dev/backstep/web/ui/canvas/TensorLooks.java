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
     * @param brief the numbers as text, or null where they are too many
     * @param size the largest size of a number in it, where it is shown as a picture; else 0
     */
    private record Look(String brief, double size) {}

    private Look of(Tensor tensor) {
        Look look = known.get(tensor);
        if (look == null) {
            String brief = TensorText.brief(tensor);
            look = new Look(brief, brief == null ? HeatMap.limit(tensor.toDoubles()) : 0);
            known.put(tensor, look);
        }
        return look;
    }

    boolean isPicture(Tensor tensor) {
        return tensor != null && tensor.numel() > 0 && of(tensor).brief == null;
    }

    double size(Tensor tensor) {
        return of(tensor).size;
    }

    /** The picture by the scale of the whole graph, or null where text says it all. */
    String heat(Tensor tensor, double scale) {
        return isPicture(tensor) ? HeatMap.url(tensor.toDoubles(), tensor.shape(), scale) : null;
    }

    /** A value as text: the numbers, or their mean; null where there is none. */
    String value(Tensor tensor) {
        return tensor == null ? null : of(tensor).brief != null ? of(tensor).brief : TensorText.shortMean(tensor);
    }

    /** A gradient as text: the numbers, or their norm; null where there is none. */
    String grad(Tensor tensor) {
        return tensor == null ? null : of(tensor).brief != null ? of(tensor).brief : TensorText.shortNorm(tensor);
    }
}
