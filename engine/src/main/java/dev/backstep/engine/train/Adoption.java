package dev.backstep.engine.train;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.optim.ParamGroup;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes a checkpoint into the document as it was edited since, as somebody who edits a running notebook goes on: what
 * was typed anew counts, all else is as it was trained.
 */
public final class Adoption {
    private final Graph before;
    private final Graph after;
    private final Checkpoint saved;
    private final Setup was;
    private final Trainer trainer;
    private final Setup now;

    private Adoption(Graph before, Checkpoint saved, Graph after) {
        this.before = before;
        this.saved = saved;
        this.after = after;
        was = new Setup(before);
        trainer = new Trainer(after);
        now = trainer.setup();
    }

    /**
     * The checkpoint as one of the edited document's. Leaves, gradients and what optimizers remember are found by box;
     * a leaf whose value was edited, and an optimizer whose settings were, begin with the document's.
     *
     * @param before the document that the checkpoint is of
     * @throws Refusal where the edited document cannot be trained, or has another number of batches in an epoch
     */
    public static byte[] of(Graph before, byte[] checkpoint, Graph after) {
        Checkpoint saved = Checkpoint.read(checkpoint);
        return saved.document().equals(Fingerprint.of(after)) ? checkpoint
                : new Adoption(before, saved, after).checkpoint().write();
    }

    private Checkpoint checkpoint() {
        if (was.batches != now.batches) {
            throw new Refusal(Code.OTHER_BATCHES, was.batches, now.batches);
        }
        Checkpoint fresh = trainer.checkpoint();
        Map<String, Tensor> leaves = new LinkedHashMap<>(fresh.leaves());
        saved.leaves().forEach((box, tensor) -> {
            Tensor[] own = now.network.leaves().get(box);
            if (own != null && isLike(own[0], tensor) && !isEdited(box)) {
                leaves.put(box, tensor);
            }
        });
        Map<String, Tensor> grads = new LinkedHashMap<>();
        saved.grads().forEach((box, grad) -> {
            if (now.parameters.containsKey(box) && isLike(now.parameters.get(box), grad)) {
                grads.put(box, grad);
            }
        });
        Map<String, Optimizer.State> optimizers = new LinkedHashMap<>();
        fresh.optimizers().forEach((box, state) -> optimizers.put(box, state(box, state)));
        // Another program led here, so there is no going back before this checkpoint.
        return new Checkpoint(fresh.document(), saved.program() + "+", saved.batch(), saved.epoch(), saved.inEpoch(),
                saved.orderSeed(), saved.lossSum(), leaves, grads, optimizers, saved.generator());
    }

    private static boolean isLike(Tensor own, Tensor tensor) {
        return own.dtype() == tensor.dtype() && Arrays.equals(own.shape(), tensor.shape());
    }

    /** Whether the value that a leaf begins with is another; freezing is no edit of it. */
    private boolean isEdited(String box) {
        GraphNode old = before.node(box);
        GraphNode edited = after.node(box);
        return old == null || !old.type().equals(edited.type()) || !value(old).equals(value(edited));
    }

    private static Attrs value(GraphNode leaf) {
        return NodeTypes.attrs(leaf).with("requires_grad", false);
    }

    private Optimizer.State state(String box, Optimizer.State fresh) {
        GraphNode old = before.node(box);
        Optimizer.State known = saved.optimizers().get(box);
        if (known == null || old == null || !old.type().equals(after.node(box).type())) {
            return fresh;
        }
        Map<String, Map<String, Tensor>> memories = new HashMap<>();
        List<String> boxes = boxes(was, box);
        for (int i = 0; i < Math.min(boxes.size(), known.state().size()); i++) {
            memories.put(boxes.get(i), known.state().get(i));
        }
        List<Map<String, Tensor>> state = new ArrayList<>();
        for (String parameter : boxes(now, box)) {
            Tensor leaf = was.parameters.get(parameter);
            state.add(leaf != null && isLike(now.parameters.get(parameter), leaf)
                    ? memories.getOrDefault(parameter, Map.of()) : Map.of());
        }
        boolean same = old.attrs().equals(after.node(box).attrs())
                && known.groups().size() == fresh.groups().size();
        return new Optimizer.State(state, same ? known.groups() : fresh.groups());
    }

    /** The boxes of an optimizer's parameters, in its order. */
    private static List<String> boxes(Setup setup, String optimizer) {
        Map<Tensor, String> names = new IdentityHashMap<>();
        setup.parameters.forEach((box, tensor) -> names.put(tensor, box));
        List<String> boxes = new ArrayList<>();
        for (ParamGroup group : setup.optimizers.get(optimizer).paramGroups()) {
            group.params().forEach(tensor -> boxes.add(names.get(tensor)));
        }
        return boxes;
    }
}
