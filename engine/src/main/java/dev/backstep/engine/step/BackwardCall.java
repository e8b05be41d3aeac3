package dev.backstep.engine.step;

import com.grack.nanojson.JsonObject;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.JsonFields;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/**
 * The arguments of one call of backward.
 *
 * @param target where it starts, or null for the document's target
 * @param gradient the gradient it starts with, as {@link Nested} numbers; null for 1
 * @param retainGraph keep what was saved, so that backward can run again
 * @param createGraph record the computation of the gradients, so that they can be differentiated
 */
public record BackwardCall(Port target, Object gradient, boolean retainGraph, boolean createGraph)
        implements Action {
    /** {@code backward()} without arguments. */
    public static final BackwardCall PLAIN = new BackwardCall(null, null, false, false);

    /**
     * Reads {@code {target?, gradient?, retainGraph?, createGraph?}}, the target being a tensor's name.
     *
     * @throws dev.backstep.engine.graph.GraphException naming what is wrong
     */
    public static BackwardCall read(Object json, Graph graph, String path) {
        JsonFields fields = JsonFields.of(json, path, List.of("do", "target", "gradient", "retainGraph", "createGraph"));
        Port target = fields.has("target") ? graph.named(fields.text("target"), fields.path("target")) : null;
        Object gradient = fields.has("gradient")
                ? Nested.read(fields.get("gradient"), DType.FLOAT64, fields.path("gradient"))
                : null;
        return new BackwardCall(target, gradient, fields.flag("retainGraph"), fields.flag("createGraph"));
    }

    /** Writes the arguments as {@link #read} takes them. */
    void put(JsonObject json, Graph graph) {
        if (target != null) {
            json.put("target", graph.name(target));
        }
        if (gradient != null) {
            json.put("gradient", Nested.toJson(gradient));
        }
        if (retainGraph) {
            json.put("retainGraph", true);
        }
        if (createGraph) {
            json.put("createGraph", true);
        }
    }

    /** The gradient for a tensor of that type, or null. */
    Tensor gradient(DType type) {
        return gradient == null ? null : Tensor.of(Nested.flat(gradient), Nested.shape(gradient), type);
    }
}
