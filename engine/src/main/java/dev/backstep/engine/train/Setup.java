package dev.backstep.engine.train;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.DataLoader;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LoopBox;
import dev.backstep.engine.graph.Mode;
import dev.backstep.engine.graph.Network;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.optim.LrScheduler;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A document taken apart into what its training needs, or refused. */
final class Setup {
    final Graph graph;
    final Loop loop;
    final Network network;
    final Port target;
    /** The forward of a batch. */
    final Network.Route forward;
    /** The box that gives batches, or null where the document's leaves are the only one. */
    final String dataBox;
    final DataBox.Parts parts;
    final DataLoader loader;
    /** How many batches an epoch has. */
    final int batches;
    /** By box, in the document's order. */
    final Map<String, Tensor> parameters;
    /** The other leaves that ops may write, such as running figures. */
    final Map<String, Tensor> buffers = new LinkedHashMap<>();
    /** Leaves that were trained before they were frozen, and what the document itself gives them. */
    final Map<String, Tensor> frozen = new LinkedHashMap<>();
    final Map<String, Optimizer> optimizers = new LinkedHashMap<>();
    final List<LrScheduler> schedulers = new ArrayList<>();
    /** PyTorch's default generator: the order of the samples and the masks of dropout are drawn from it. */
    final Generator generator = new Generator();
    final Mode mode = Mode.train(generator);

    /** @throws Refusal where the document cannot be trained */
    Setup(Graph graph) {
        this.graph = graph;
        loop = Loop.of(graph);
        target = graph.targetOrLast();
        if (target == null) {
            throw new Refusal(Code.NO_TARGET);
        }
        try {
            if (loop.box() != null) {
                LoopBox.TYPE.infer(NodeTypes.attrs(graph.node(loop.box())));
            }
            network = new Network(graph);
            forward = network.to(target, mode, true);
            GraphNode data = Loop.data(graph);
            dataBox = data == null ? null : data.id();
            Attrs attrs = data == null ? Attrs.NONE : NodeTypes.attrs(data);
            parts = data == null ? null : DataBox.TYPE.parts(attrs);
            loader = data == null ? null : new DataLoader(parts.train(), (int) attrs.integer("batch_size"),
                    attrs.flag("shuffle"), attrs.flag("drop_last"), generator);
            batches = loader == null ? 1 : loader.size();
            if (batches == 0) {
                throw new Refusal(Code.ATTRIBUTE, data.label(), "drop_last leaves no batch");
            }
            parameters = network.parameters();
            if (parameters.isEmpty()) {
                throw new Refusal(Code.NO_PARAMETERS);
            }
            makeOptimizers();
        } catch (Network.Refused refused) {
            throw new Refusal(refused.reason());
        } catch (TorchError refused) {
            throw refusal(refused);
        }
        for (String box : forward.written()) {
            if (!parameters.containsKey(box) && !box.equals(dataBox)) {
                buffers.put(box, network.leaves().get(box)[0]);
            }
        }
        generator.manualSeed(loop.seed());
    }

    private void makeOptimizers() {
        if (!loop.update().equals(LoopBox.OPTIMIZER)) {
            return;
        }
        if (loop.optimizers().isEmpty()) {
            throw new Refusal(Code.NO_OPTIMIZER);
        }
        for (String box : loop.optimizers()) {
            Optimizer optimizer = network.optimizer(graph.node(box));
            optimizers.put(box, optimizer);
            if (loop.hasSchedule()) {
                schedulers.add(loop.schedule().equals(LoopBox.COSINE) ? LrScheduler.cosine(optimizer, loop.tMax(), 0)
                        : LrScheduler.steps(optimizer, loop.stepSize(), loop.gamma()));
            }
        }
    }

    /** What PyTorch refused, at the box where it did. */
    Refusal refusal(TorchError refused) {
        Object box = refused.node() == null ? null : refused.node().scope();
        GraphNode node = box instanceof String id ? graph.node(id)
                : graph.node(loop.box() != null ? loop.box() : target.node());
        return new Refusal(new Reason(Code.TORCH, List.of(node.label(), refused.getMessage()), refused.getMessage()));
    }
}
