package dev.backstep.engine.train;

import dev.backstep.engine.compile.Recorder;
import dev.backstep.engine.graph.LoopBox;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.nn.Gradients;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** A batch by one op after another, as the {@link Loop} has it: forward and backward, then what changes parameters. */
final class EagerBatch {
    private final Setup setup;
    private final Loop loop;
    private final List<Tensor> parameters;
    private final List<Optimizer> optimizers;
    private final boolean draws;
    /** The generator as it was before the forward, where masks are drawn. */
    private final Generator before = new Generator();
    private Tensor seedGradient;
    private double loss;
    private double norm;

    EagerBatch(Setup setup) {
        this.setup = setup;
        loop = setup.loop;
        parameters = List.copyOf(setup.parameters.values());
        optimizers = List.copyOf(setup.optimizers.values());
        draws = setup.forward.draws();
    }

    double loss() {
        return loss;
    }

    double norm() {
        return norm;
    }

    /**
     * Goes up to the gradients.
     *
     * @param recorder who notes what is computed, or null
     * @param inEpoch how many batches of the epoch were taken before
     */
    void begin(Recorder recorder, int inEpoch) {
        if (draws) {
            before.set(setup.generator);
        }
        if (recorder != null && seedGradient != null) {
            recorder.fixed(seedGradient.view());
        }
        Tensor made;
        try (Backends.Scope _ = Replay.record(recorder)) {
            made = forward();
            backward(made, inEpoch);
        }
        loss = made.item();
        norm = Gradients.norm(parameters);
    }

    private Tensor forward() {
        setup.forward.run();
        Tensor made = setup.network.at(setup.target);
        if (made.numel() != 1) {
            throw new Refusal(Code.NO_SCALAR, setup.graph.name(setup.target), made.numel());
        }
        return made;
    }

    private void backward(Tensor made, int inEpoch) {
        if (loop.clearsAt(inEpoch)) {
            Gradients.clear(parameters, true);
        }
        if (loop.penalty() != null) {
            Gradients.penalty(made, parameters, loop.penalty());
        }
        if (seedGradient == null) {
            double seed = loop.seedGradient(made.dtype());
            seedGradient = Tensor.of(new double[] {seed}, made.shape(), made.dtype());
        }
        made.backward(seedGradient, false, false);
    }

    /** Changes the parameters, where this batch does. */
    void end(Recorder recorder, int inEpoch) {
        if (loop.stepsAt(inEpoch, setup.batches)) {
            try (Backends.Scope _ = Replay.record(recorder)) {
                if (recorder != null) {
                    recorder.late();
                }
                change();
            }
        }
    }

    private void change() {
        if (loop.clipNorm() != null) {
            Gradients.clipNorm(parameters, loop.clipNorm());
        }
        if (loop.clipValue() != null) {
            Gradients.clipValue(parameters, loop.clipValue());
        }
        if (loop.update().equals(LoopBox.BY_HAND)) {
            Gradients.descend(parameters, loop.lr());
        }
        for (int i = 0; i < optimizers.size(); i++) {
            optimizers.get(i).step();
        }
    }

    /** Where the first number is none. */
    Trainer.Trouble find() {
        return new NonFinite(setup).find(draws ? before : setup.generator);
    }
}
