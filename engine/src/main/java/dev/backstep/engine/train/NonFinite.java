package dev.backstep.engine.train;

import dev.backstep.engine.graph.Network;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Backward;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Step;
import dev.backstep.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks for the first NaN or infinity of a batch whose parameters have not changed yet. */
final class NonFinite {
    private final Setup setup;

    NonFinite(Setup setup) {
        this.setup = setup;
    }

    /** @param before the generator as it was before the batch's forward */
    Trainer.Trouble find(Generator before) {
        for (Map.Entry<String, Tensor[]> leaf : setup.network.leaves().entrySet()) {
            if (Network.isNonFinite(leaf.getValue()[0])) {
                return new Trainer.Trouble(leaf.getKey(), false);
            }
        }
        Port value = setup.forward.nonFinite();
        return value != null ? new Trainer.Trouble(value.node(), false) : gradient(before);
    }

    /** Does the batch again, since its graph is gone, and puts everything back as it was. */
    private Trainer.Trouble gradient(Generator before) {
        Generator after = setup.generator.copy();
        Map<Tensor, Tensor> written = new HashMap<>();
        setup.buffers.values().forEach(tensor -> written.put(tensor, tensor.detach().copy()));
        Map<Tensor, Tensor> grads = new HashMap<>();
        for (Tensor parameter : setup.parameters.values()) {
            grads.put(parameter, parameter.grad());
            parameter.grad(null);
        }
        setup.generator.set(before);
        try {
            setup.forward.run();
            return backward(setup.network.at(setup.target));
        } finally {
            setup.generator.set(after);
            grads.forEach(Tensor::grad);
            try (GradMode.Scope _ = GradMode.noGrad()) {
                written.forEach(Tensor::copy_);
            }
        }
    }

    private Trainer.Trouble backward(Tensor loss) {
        Tensor seed = Tensor.full(loss.shape(), setup.loop.seedGradient(loss.dtype()), loss.dtype());
        Backward steps = Autograd.steps(List.of(loss), List.of(seed), false, false, null);
        while (steps.hasNext()) {
            Step step = steps.next();
            for (Tensor gradient : step.outgoing()) {
                if (Network.isNonFinite(gradient)) {
                    return new Trainer.Trouble((String) step.node().scope(), true);
                }
            }
        }
        // Only a sum over batches, or a penalty, is no number.
        return new Trainer.Trouble(null, true);
    }
}
