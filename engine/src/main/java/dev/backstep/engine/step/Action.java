package dev.backstep.engine.step;

import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.JsonFields;
import dev.backstep.engine.graph.Reason;
import java.util.List;

/**
 * What one does with a document after its first forward: the lines of a training loop, one by one. In JSON an action
 * is an object whose {@code do} says which; without it, it is a {@link BackwardCall}.
 */
public sealed interface Action permits BackwardCall, Action.Forward, Action.ZeroGrad, Action.OptimizerStep,
        Action.ClipNorm, Action.ClipValue, Action.Update, Action.Penalty, Action.Schedule {
    /** Runs forward again, on the leaves as they are now. */
    record Forward() implements Action {}

    /** {@code zero_grad}: the gradients of all leaves become None, or zeros. */
    record ZeroGrad(boolean setToNone) implements Action {}

    /**
     * {@code optimizer.step()}.
     *
     * @param optimizer the box's id, or null for the document's only optimizer
     */
    record OptimizerStep(String optimizer) implements Action {}

    /** {@code clip_grad_norm_} over all leaves that have a gradient. */
    record ClipNorm(double maxNorm, double normType) implements Action {}

    /** {@code clip_grad_value_} likewise. */
    record ClipValue(double clipValue) implements Action {}

    /** By hand, under {@code no_grad}: {@code w -= lr * w.grad} for each leaf that has a gradient. */
    record Update(double lr) implements Action {}

    /**
     * A gradient penalty: adds to the gradients those of {@code weight} times the sum of the squares of the target's
     * gradients, by {@code create_graph}; backward can run afterwards.
     */
    record Penalty(double weight) implements Action {}

    /**
     * What {@code scheduler.step()} does: the optimizer goes on with that learning rate.
     *
     * @param optimizer the box's id, or null for the document's only optimizer
     */
    record Schedule(String optimizer, double lr) implements Action {}

    /**
     * Reads an action as {@link #write} writes it.
     *
     * @throws GraphException naming what is wrong
     */
    static Action read(Object json, Graph graph, String path) {
        String which = json instanceof JsonObject object && object.get("do") instanceof String text ? text : "backward";
        return switch (which) {
            case "backward" -> BackwardCall.read(json, graph, path);
            case "forward" -> {
                fields(json, path);
                yield new Forward();
            }
            case "zero_grad" -> {
                JsonFields fields = fields(json, path, "setToNone");
                yield new ZeroGrad(!fields.has("setToNone") || fields.flag("setToNone"));
            }
            case "step" -> new OptimizerStep(box(fields(json, path, "optimizer"), graph));
            case "clip_grad_norm" -> {
                JsonFields fields = fields(json, path, "maxNorm", "normType");
                yield new ClipNorm(fields.number("maxNorm"), fields.has("normType") ? fields.number("normType") : 2);
            }
            case "clip_grad_value" -> new ClipValue(fields(json, path, "clipValue").number("clipValue"));
            case "update" -> new Update(fields(json, path, "lr").number("lr"));
            case "penalty" -> new Penalty(fields(json, path, "weight").number("weight"));
            case "schedule" -> {
                JsonFields fields = fields(json, path, "optimizer", "lr");
                yield new Schedule(box(fields, graph), fields.number("lr"));
            }
            default -> throw new GraphException(path + ".do", new Reason(Reason.Code.WRONG_KIND, List.of("backward, "
                    + "forward, zero_grad, step, clip_grad_norm, clip_grad_value, update, penalty or schedule"), null));
        };
    }

    /** The id of the optimizer that is named, or null. */
    private static String box(JsonFields fields, Graph graph) {
        return fields.has("optimizer") ? graph.named(fields.text("optimizer"), fields.path("optimizer")).node() : null;
    }

    private static JsonFields fields(Object json, String path, String... names) {
        List<String> all = new java.util.ArrayList<>(List.of(names));
        all.add("do");
        return JsonFields.of(json, path, all);
    }

    /** The action as JSON. */
    default JsonObject toJson(Graph graph) {
        JsonObject json = new JsonObject();
        switch (this) {
            case BackwardCall call -> call.put(json, graph);
            case Forward _ -> json.put("do", "forward");
            case ZeroGrad zero -> {
                json.put("do", "zero_grad");
                if (!zero.setToNone) {
                    json.put("setToNone", false);
                }
            }
            case OptimizerStep step -> {
                json.put("do", "step");
                if (step.optimizer != null) {
                    json.put("optimizer", graph.node(step.optimizer).label());
                }
            }
            case ClipNorm clip -> {
                json.put("do", "clip_grad_norm");
                json.put("maxNorm", JsonFields.written(clip.maxNorm));
                if (clip.normType != 2) {
                    json.put("normType", JsonFields.written(clip.normType));
                }
            }
            case ClipValue clip -> {
                json.put("do", "clip_grad_value");
                json.put("clipValue", JsonFields.written(clip.clipValue));
            }
            case Update update -> {
                json.put("do", "update");
                json.put("lr", JsonFields.written(update.lr));
            }
            case Penalty penalty -> {
                json.put("do", "penalty");
                json.put("weight", JsonFields.written(penalty.weight));
            }
            case Schedule schedule -> {
                json.put("do", "schedule");
                if (schedule.optimizer != null) {
                    json.put("optimizer", graph.node(schedule.optimizer).label());
                }
                json.put("lr", JsonFields.written(schedule.lr));
            }
        }
        return json;
    }
}
