package dev.backstep.engine.step;

import dev.backstep.engine.formula.FormulaException;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.OptimizerBox;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.nn.Gradients;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Backward;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Does what the {@link Action}s of a run say, and has it recorded. */
final class Performer {
    private final Graph graph;
    private final GraphRunner runner;
    private final Recorder recorder;
    private final Map<Integer, TorchError> refusals = new HashMap<>();
    private final Map<String, Optimizer> optimizers = new HashMap<>();

    Performer(Graph graph, GraphRunner runner, Recorder recorder) {
        this.graph = graph;
        this.runner = runner;
        this.recorder = recorder;
    }

    /** An optimizer as a training has left it. */
    void optimizer(String box, Optimizer optimizer) {
        optimizers.put(box, optimizer);
    }

    /** The refusal behind an {@link Event.Refused} of backward, or null. */
    TorchError refusal(int event) {
        return refusals.get(event);
    }

    /** Begins an action; what is left of it, or null where that was all. */
    Stretch begin(Action action) {
        switch (action) {
            case BackwardCall call -> {
                return backward(call);
            }
            case Action.Forward _ -> {
                recorder.again();
                runner.again();
                return new Ops();
            }
            case Action.ZeroGrad zero -> change(action, withGrad(), false, leaves -> {
                Gradients.clear(leaves, zero.setToNone());
                return null;
            });
            case Action.ClipNorm clip -> change(action, withGrad(), false,
                    leaves -> Gradients.clipNorm(leaves, clip.maxNorm(), clip.normType(), false));
            case Action.ClipValue clip -> change(action, withGrad(), false, leaves -> {
                Gradients.clipValue(leaves, clip.clipValue());
                return null;
            });
            case Action.Update update -> change(action, withGrad(), true, leaves -> {
                Gradients.descend(leaves, update.lr());
                return null;
            });
            case Action.Penalty penalty -> penalty(penalty);
            case Action.OptimizerStep optimize -> act(optimize, optimize.optimizer());
            case Action.Schedule schedule -> act(schedule, schedule.optimizer());
        }
        return null;
    }

    /** The leaves of the document, one after another. */
    final class Leaves implements Stretch {
        @Override
        public boolean hasNext() {
            return runner.nextLeaf() != null;
        }

        @Override
        public void next() {
            runner.makeLeaf();
            if (!hasNext()) {
                recordLeaves();
            }
        }

        @Override
        public Progress progress() {
            GraphNode next = runner.nextLeaf();
            return new Progress(Progress.Phase.LEAVES, next == null ? null : next.id(), runner.leavesMade(),
                    runner.leaves());
        }
    }

    private void recordLeaves() {
        for (GraphNode node : graph.nodes()) {
            NodeType type = NodeTypes.of(node);
            for (int i = 0; i < type.outputs().size() && type.isLeaf(); i++) {
                Port port = new Port(node.id(), i);
                if (runner.at(port) != null) {
                    recorder.leaf(port, runner.at(port));
                }
            }
        }
    }

    /** The ops of a forward, one after another. */
    final class Ops implements Stretch {
        @Override
        public boolean hasNext() {
            return runner.hasNext();
        }

        @Override
        public void next() {
            List<Tensor> written = runner.toBeWritten();
            written.forEach(recorder::beforeWrite);
            recorder.forward(runner.next(), written);
        }

        @Override
        public Progress progress() {
            GraphNode next = runner.peek();
            return new Progress(Progress.Phase.FORWARD, next == null ? null : next.id(), runner.done(), runner.total());
        }
    }

    private interface Work {
        /** @return the total norm where one was computed, or null */
        Tensor on(List<Tensor> leaves);
    }

    private List<Tensor> withGrad() {
        return runner.parameters().stream().filter(leaf -> leaf.grad() != null).toList();
    }

    private void change(Action action, List<Tensor> leaves, boolean values, Work work) {
        change(action, null, leaves, values, work);
    }

    private void change(Action action, String box, List<Tensor> leaves, boolean values, Work work) {
        for (Tensor leaf : leaves) {
            recorder.beforeWrite(leaf.grad());
            if (values) {
                recorder.beforeWrite(leaf);
            }
        }
        try (Tape.Scope _ = Tape.scope(box)) {
            Tensor norm = work.on(leaves);
            recorder.acted(action, box, leaves, values, norm);
        } catch (TorchError refused) {
            refuse(box, box == null ? "" : graph.node(box).label(), refused);
        }
    }

    private void refuse(String box, String name, TorchError refused) {
        String text = refused.getMessage();
        refusals.put(recorder.timeline().written(), refused);
        recorder.refused(box, refused.kind(), new Reason(Reason.Code.TORCH, List.of(name, text), text));
    }

    private void penalty(Action.Penalty penalty) {
        Port target = graph.targetOrLast();
        Tensor loss = target == null ? null : runner.at(target);
        if (loss == null) {
            recorder.refused(target == null ? null : target.node(), null, target == null
                    ? new Reason(Reason.Code.NO_TARGET, List.of(), null) : runner.reason(target.node()));
            return;
        }
        List<Tensor> parameters = runner.parameters();
        try {
            Tensor value = Gradients.penalty(loss, parameters, penalty.weight()).detach();
            recorder.acted(penalty, null, parameters, false, value);
        } catch (TorchError refused) {
            refuse(target.node(), graph.name(target), refused);
        }
    }

    /** Lets an optimizer act. */
    private void act(Action action, String named) {
        GraphNode box = optimizer(named);
        if (box == null) {
            recorder.refused(null, null, new Reason(Reason.Code.NO_OPTIMIZER, List.of(), null));
            return;
        }
        Reason waits = runner.waiting(box);
        if (waits != null) {
            recorder.refused(box.id(), null, waits);
            return;
        }
        Optimizer optimizer;
        try {
            optimizer = optimizers.computeIfAbsent(box.id(), _ -> runner.optimizer(box));
        } catch (TorchError refused) {
            refuse(box.id(), box.label(), refused);
            return;
        }
        if (action instanceof Action.Schedule schedule) {
            optimizer.paramGroups().forEach(group -> group.set("lr", schedule.lr()));
            recorder.acted(action, box.id(), List.of(), false, null);
            return;
        }
        List<Tensor> changing = optimizer.paramGroups().stream().flatMap(group -> group.params().stream())
                .filter(leaf -> leaf.grad() != null).toList();
        change(action, box.id(), changing, true, _ -> {
            optimizer.step();
            return null;
        });
    }

    /** The optimizer of that id, or the only one there is; null where there is none such. */
    private GraphNode optimizer(String id) {
        GraphNode found = null;
        for (GraphNode node : graph.nodes()) {
            if (NodeTypes.of(node) instanceof OptimizerBox && (id == null || id.equals(node.id()))) {
                if (found != null) {
                    return null;
                }
                found = node;
            }
        }
        return found;
    }

    /** The rest of a backward that has begun; null where it was refused. */
    private Stretch backward(BackwardCall call) {
        Port target = call.target() != null ? call.target() : graph.targetOrLast();
        if (target == null) {
            recorder.refused(null, null, new Reason(Reason.Code.NO_TARGET, List.of(), null));
            return null;
        }
        Tensor tensor = runner.at(target);
        if (tensor == null) {
            recorder.refused(target.node(), null, runner.reason(target.node()));
            return null;
        }
        Nodes nodes = new Nodes(target);
        nodes.guarded(() -> {
            Tensor gradient = call.gradient(tensor.dtype());
            nodes.steps = Autograd.steps(List.of(tensor), Collections.singletonList(gradient), call.retainGraph(),
                    call.createGraph(), null);
            recorder.start(target, tensor.gradientEdge(),
                    gradient != null ? gradient : Tensor.ones(tensor.shape(), tensor.dtype()));
        });
        return nodes;
    }

    /** The nodes of a backward, one after another, up to the first that refuses. */
    private final class Nodes implements Stretch {
        private final Port target;
        private Backward steps;
        private String box;
        private int done;

        Nodes(Port target) {
            this.target = target;
            box = target.node();
        }

        @Override
        public boolean hasNext() {
            return steps != null && steps.hasNext();
        }

        @Override
        public void next() {
            guarded(() -> {
                box = (String) steps.peek().scope();
                recorder.step(steps.next());
                done++;
            });
        }

        private void guarded(Runnable work) {
            try {
                work.run();
            } catch (TorchError refused) {
                steps = null;
                refuse(box, graph.name(target), refused);
            } catch (FormulaException refused) {
                steps = null;
                recorder.refused(box, null, Inference.reason(graph.node(box), refused));
            }
        }

        @Override
        public Progress progress() {
            Node next = hasNext() ? steps.peek() : null;
            return new Progress(Progress.Phase.BACKWARD, next == null ? null : (String) next.scope(), done,
                    steps == null ? done : steps.total());
        }
    }
}
