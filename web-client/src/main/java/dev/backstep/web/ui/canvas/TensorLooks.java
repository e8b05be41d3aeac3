package dev.backstep.web.ui.canvas;

import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.value.HeatMap;
import dev.backstep.web.value.Skim;
import dev.backstep.web.value.TensorText;
import java.util.HashMap;
import java.util.Map;

/** How tensors of a run look on nodes; found out once for each, since tensors of a run never change. */
final class TensorLooks {
    private final Map<Tensor, Look> known = new HashMap<>();
    /** What is being read, or null. */
    private Tensor skimmed;
    private Skim skim;

    /**
     * @param brief the numbers as text, or null where they are too many and the others are there
     * @param size the largest size of a number in it, where it is shown as a picture; else 0
     */
    private record Look(String brief, double size, String mean, String norm, HeatMap.Sample sample) {}

    private Look of(Tensor tensor) {
        while (read(tensor)) {
            // Nothing was to be done between two pieces.
        }
        return known.get(tensor);
    }

    /** Reads a piece of a tensor, or no more than that; false where all of it is known. */
    boolean read(Tensor tensor) {
        if (tensor == null || known.containsKey(tensor)) {
            return false;
        }
        String brief = TensorText.brief(tensor);
        if (brief != null || tensor.numel() == 0) {
            known.put(tensor, new Look(brief, 0, "", "", null));
            return false;
        }
        if (skimmed != tensor) {
            skimmed = tensor;
            skim = new Skim(tensor);
        }
        if (!skim.proceed()) {
            known.put(tensor, new Look(null, skim.limit(), skim.mean(), skim.norm(), skim.sample()));
            skimmed = null;
            skim = null;
        }
        return true;
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
