package dev.backstep.engine.train;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.JsonFields;
import dev.backstep.engine.graph.LoopBox;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.OptimizerBox;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that trains a document: what its loop box says, or the default where there is none, as settings and as
 * lines of PyTorch.
 *
 * @param box the loop box's id, or null
 * @param optimizers the ids of the optimizer boxes, in the document's order
 * @param lossScale what the loss is multiplied with before backward
 * @param penalty the weight of the gradient penalty, or null for none; likewise the two limits
 * @param update one of {@link LoopBox#OPTIMIZER}, {@link LoopBox#BY_HAND}, {@link LoopBox#NONE}
 * @param lr the rate of an update by hand
 */
public record Loop(String box, List<String> optimizers, long epochs, long seed, boolean zeroGrad, int accumulate,
        double lossScale, Double penalty, Double clipNorm, Double clipValue, String update, double lr, String schedule,
        int stepSize, double gamma, int tMax) {
    /** What a line of the program is. */
    public enum Part {
        EPOCHS, BATCHES, FORWARD, ZERO_GRAD, PENALTY, BACKWARD, CLIP_NORM, CLIP_VALUE, STEP, SCHEDULE
    }

    /**
     * A line of the program.
     *
     * @param code as PyTorch has it; of a line that is off, what it would be
     * @param depth how often it is indented
     * @param attributes of the loop box: the first switches the line, the others belong to it; empty where it cannot be
     *     switched
     */
    public record Line(Part part, String code, int depth, boolean on, List<String> attributes) {
        public Line {
            attributes = List.copyOf(attributes);
        }
    }

    /** An action that stands for a line, or for a part of it. */
    public record Deed(Part part, Action action) {}

    /** How a number is offered where a line is off. */
    private static final double SOME = 1;
    private static final double SOME_PENALTY = 0.01;

    /** The loop of a document. */
    public static Loop of(Graph graph) {
        GraphNode box = null;
        List<String> optimizers = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            if (node.type().equals(LoopBox.TYPE.type())) {
                box = box == null ? node : box;
            } else if (NodeTypes.of(node) instanceof OptimizerBox) {
                optimizers.add(node.id());
            }
        }
        Attrs attrs = NodeTypes.complete(LoopBox.TYPE, box == null ? Attrs.NONE : box.attrs());
        return new Loop(box == null ? null : box.id(), List.copyOf(optimizers), attrs.integer("epochs"),
                attrs.integer("seed"), attrs.flag("zero_grad"), (int) attrs.integer("accumulate"),
                attrs.number("loss_scale"), number(attrs, "penalty"), number(attrs, "clip_norm"),
                number(attrs, "clip_value"), attrs.text(LoopBox.UPDATE), attrs.number("lr"),
                attrs.text(LoopBox.SCHEDULE), (int) attrs.integer("step_size"), attrs.number("gamma"),
                (int) attrs.integer("t_max"));
    }

    private static Double number(Attrs attrs, String name) {
        return attrs.has(name) ? (Double) attrs.number(name) : null;
    }

    /** The data box that gives a document its batches: the first that the loss follows from, or null. */
    public static GraphNode data(Graph graph) {
        Port target = graph.targetOrLast();
        for (GraphNode node : graph.order()) {
            if (node.type().equals(DataBox.TYPE.type()) && target != null && graph.reaches(node.id(), target.node())) {
                return node;
            }
        }
        return null;
    }

    boolean hasSchedule() {
        return !schedule.equals(LoopBox.NONE) && update.equals(LoopBox.OPTIMIZER);
    }

    /** Whether gradients are cleared before a batch. */
    boolean clearsAt(int batch) {
        return zeroGrad && batch % accumulate == 0;
    }

    /** Whether a batch is the last whose gradients are added up: then they are clipped, and the parameters change. */
    boolean stepsAt(int batch, int batches) {
        return (batch + 1) % accumulate == 0 || batch + 1 == batches;
    }

    /** What backward begins with, as that type keeps it: the derivative of the loss as the program scales it. */
    double seedGradient(DType type) {
        return type.round(type.round(1.0 / accumulate) * type.round(lossScale));
    }

    /**
     * What is done with a batch after its forward, in order.
     *
     * @param batch its number in the epoch, from 0
     * @param batches of an epoch
     * @param loss the type of the loss
     * @param rates the learning rate of each optimizer in the next epoch
     */
    public List<Deed> deeds(int batch, int batches, DType loss, List<Double> rates) {
        List<Deed> deeds = new ArrayList<>();
        if (clearsAt(batch)) {
            deeds.add(new Deed(Part.ZERO_GRAD, new Action.ZeroGrad(true)));
        }
        if (penalty != null) {
            deeds.add(new Deed(Part.PENALTY, new Action.Penalty(penalty)));
        }
        double seedGradient = seedGradient(loss);
        deeds.add(new Deed(Part.BACKWARD, seedGradient == 1 ? BackwardCall.PLAIN
                : new BackwardCall(null, seedGradient, false, false)));
        if (stepsAt(batch, batches)) {
            if (clipNorm != null) {
                deeds.add(new Deed(Part.CLIP_NORM, new Action.ClipNorm(clipNorm, 2)));
            }
            if (clipValue != null) {
                deeds.add(new Deed(Part.CLIP_VALUE, new Action.ClipValue(clipValue)));
            }
            if (update.equals(LoopBox.BY_HAND)) {
                deeds.add(new Deed(Part.STEP, new Action.Update(lr)));
            } else if (update.equals(LoopBox.OPTIMIZER)) {
                optimizers.forEach(id -> deeds.add(new Deed(Part.STEP, new Action.OptimizerStep(id))));
            }
        }
        for (int i = 0; i < optimizers.size() && hasSchedule() && batch + 1 == batches; i++) {
            deeds.add(new Deed(Part.SCHEDULE, new Action.Schedule(optimizers.get(i), rates.get(i))));
        }
        return deeds;
    }

    /** The program, line by line; lines that are off stand where they would be. */
    public List<Line> lines(Graph graph) {
        String loss = loss(graph);
        GraphNode data = data(graph);
        int depth = data == null ? 1 : 2;
        String every = accumulate == 1 || data == null ? "" : "if i % " + accumulate + " == 0: ";
        String full = accumulate == 1 || data == null ? ""
                : "if (i + 1) % " + accumulate + " == 0 or i + 1 == len(loader): ";
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Part.EPOCHS, "for epoch in range(" + epochs + "):", 0, true, List.of("epochs", "seed")));
        if (data != null) {
            String batch = DataBox.TYPE.outputs().get(0) + ", " + DataBox.TYPE.outputs().get(1);
            lines.add(new Line(Part.BATCHES, accumulate == 1 ? "for " + batch + " in loader:"
                    : "for i, (" + batch + ") in enumerate(loader):", 1, true, List.of()));
        }
        lines.add(new Line(Part.FORWARD, loss + " = " + forward(graph, data), depth, true, List.of()));
        lines.add(new Line(Part.ZERO_GRAD, every + "model.zero_grad()", depth, zeroGrad, List.of("zero_grad")));
        lines.add(new Line(Part.PENALTY, "(" + text(penalty, SOME_PENALTY) + " * sum(g.square().sum() for g in grad("
                + loss + ", model.parameters(), create_graph=True))).backward(retain_graph=True)", depth,
                penalty != null, List.of("penalty")));
        lines.add(new Line(Part.BACKWARD, scaled(loss) + ".backward()", depth, true,
                List.of("loss_scale", "accumulate")));
        lines.add(new Line(Part.CLIP_NORM, full + "clip_grad_norm_(model.parameters(), " + text(clipNorm, SOME) + ")",
                depth, clipNorm != null, List.of("clip_norm")));
        lines.add(new Line(Part.CLIP_VALUE, full + "clip_grad_value_(model.parameters(), " + text(clipValue, SOME)
                + ")", depth, clipValue != null, List.of("clip_value")));
        lines.add(new Line(Part.STEP, full + step(), depth, !update.equals(LoopBox.NONE),
                List.of(LoopBox.UPDATE, "lr", "accumulate")));
        lines.add(new Line(Part.SCHEDULE, "scheduler.step()  # " + scheduler(), 1, hasSchedule(),
                List.of(LoopBox.SCHEDULE, "step_size", "gamma", "t_max")));
        return lines;
    }

    private static String loss(Graph graph) {
        Port target = graph.targetOrLast();
        return target == null ? "loss" : graph.name(target);
    }

    private static String forward(Graph graph, GraphNode data) {
        Port target = graph.targetOrLast();
        String torch = target == null ? "" : NodeTypes.of(graph.node(target.node())).torch();
        String prefix = "torch.nn.functional.";
        boolean known = torch.startsWith(prefix) && data != null;
        return known ? "F." + torch.substring(prefix.length()) + "(model(x), y)" : data == null ? "model()"
                : "model(x, y)";
    }

    private String scaled(String loss) {
        String scale = lossScale == 1 ? loss : text(lossScale, SOME) + " * " + loss;
        return accumulate == 1 ? lossScale == 1 ? loss : "(" + scale + ")" : "(" + scale + " / " + accumulate + ")";
    }

    private String step() {
        if (update.equals(LoopBox.BY_HAND)) {
            return "with torch.no_grad(): [p.sub_(" + text(lr, SOME) + " * p.grad) for p in model.parameters()]";
        }
        return "optimizer.step()";
    }

    private String scheduler() {
        return schedule.equals(LoopBox.COSINE) ? "CosineAnnealingLR(optimizer, T_max=" + tMax + ")"
                : "StepLR(optimizer, step_size=" + stepSize + ", gamma=" + text(gamma, SOME) + ")";
    }

    private static String text(Double number, double otherwise) {
        return String.valueOf(JsonFields.written(number == null ? otherwise : number));
    }
}
