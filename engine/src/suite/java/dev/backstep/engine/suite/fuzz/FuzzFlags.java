package dev.backstep.engine.suite.fuzz;

import com.grack.nanojson.JsonObject;
import dev.backstep.engine.tensor.Tensor;
import java.util.Objects;

/**
 * What a tensor tells of itself, beside its numbers.
 *
 * @param grad whether it has a gradient
 * @param gradFn the name of its node, the refusal to tell it, or null
 */
public record FuzzFlags(boolean requiresGrad, boolean isLeaf, boolean retainsGrad, long version, boolean grad,
        String gradFn, long outputNr) {
    static FuzzFlags of(Tensor t, FuzzOurs machine) {
        // Before its node, because a view whose base has changed learns that by being asked.
        boolean leaf = t.isLeaf();
        boolean requires = t.requiresGrad();
        String made = machine.told(() -> t.gradFn() == null ? null : t.gradFn().name());
        return new FuzzFlags(requires, leaf, t.retainsGrad(), t.version(), t.grad() != null, made, t.outputNr());
    }

    boolean agrees(FuzzFlags other, boolean unversioned, boolean higher) {
        return requiresGrad == other.requiresGrad && isLeaf == other.isLeaf && retainsGrad == other.retainsGrad
                && (unversioned || version == other.version) && outputNr == other.outputNr
                // Derivatives as part of the graph: their nodes, and which gradients are there, go by the formula.
                && (higher || grad == other.grad && Objects.equals(gradFn, other.gradFn));
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.put("requiresGrad", requiresGrad);
        json.put("isLeaf", isLeaf);
        json.put("retainsGrad", retainsGrad);
        json.put("version", version);
        json.put("grad", grad);
        json.put("gradFn", gradFn);
        json.put("outputNr", outputNr);
        return json;
    }

    static FuzzFlags of(JsonObject json) {
        return new FuzzFlags(json.getBoolean("requiresGrad"), json.getBoolean("isLeaf"),
                json.getBoolean("retainsGrad"), json.getLong("version"), json.getBoolean("grad"),
                json.getString("gradFn"), json.getLong("outputNr"));
    }
}
