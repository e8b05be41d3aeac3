package dev.backstep.engine.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Mode;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Standing;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/**
 * The next batch of a training that stands still, to be looked at event by event: its forward has run, and the lines of
 * the loop are the actions. Taking them all gives the very parameters that the training gets.
 */
public final class NextBatch {
    /** A document of more numbers or boxes takes long to be looked at. */
    private static final int QUICK_NUMBERS = 50_000;
    private static final int QUICK_BOXES = 300;

    private final Playback playback;
    private final List<Loop.Deed> deeds;
    private int taken;
    private int afterBackward;

    private NextBatch(Playback playback, List<Loop.Deed> deeds) {
        this.playback = playback;
        this.deeds = deeds;
    }

    /**
     * Stands in the next batch.
     *
     * @param checkpoint as a {@link RunEvent.Saved} has it
     * @throws Refusal where it is none of this document
     */
    public static NextBatch of(Graph graph, byte[] checkpoint) {
        return of(graph, Checkpoint.read(checkpoint));
    }

    static NextBatch of(Graph graph, Checkpoint checkpoint) {
        Trainer trainer = new Trainer(graph);
        trainer.restore(checkpoint);
        Playback playback = Playback.of(graph, trainer.begin());
        Port target = graph.targetOrLast();
        Tensor loss = playback.tensor(target);
        List<Loop.Deed> deeds = trainer.loop().deeds(trainer.inEpoch(), trainer.batches(),
                loss != null ? loss.dtype() : Inference.of(graph).at(target).dtype(), trainer.nextRates());
        return new NextBatch(playback, deeds);
    }

    /**
     * Where a training has ended: its parameters, and what they make of the batch that would come next, in {@code eval}
     * mode.
     *
     * @param checkpoint as a {@link RunEvent.Saved} has it
     * @throws Refusal where it is none of this document
     */
    public static Playback after(Graph graph, byte[] checkpoint) {
        Trainer trainer = new Trainer(graph);
        trainer.restore(Checkpoint.read(checkpoint));
        Standing standing = trainer.begin();
        return Playback.of(graph, new Standing(standing.leaves(), Mode.EVAL, standing.optimizers()));
    }

    /** Whether a look at the next batch takes no longer than a blink. */
    static boolean isQuick(Trainer trainer) {
        long numbers = 0;
        for (Tensor parameter : trainer.setup().parameters.values()) {
            numbers += parameter.numel();
        }
        return numbers <= QUICK_NUMBERS && trainer.setup().graph.nodes().size() <= QUICK_BOXES;
    }

    /** The run; it stands after the forward of the batch, and goes on by {@link #act}. */
    public Playback playback() {
        return playback;
    }

    /** What is done after forward, in order, with the line of the program that each belongs to. */
    public List<Loop.Deed> deeds() {
        return deeds;
    }

    /** How many of them were done. */
    public int taken() {
        return taken;
    }

    /** Does the next one, and stands at its first event. */
    public void act() {
        Loop.Deed deed = deeds.get(taken++);
        playback.act(deed.action());
        if (deed.part() == Loop.Part.BACKWARD) {
            afterBackward = playback.timeline().size();
        }
    }

    /** Does all that are left. */
    void actAll() {
        while (taken < deeds.size()) {
            act();
        }
    }

    /** The step at which backward has ended, or 0. */
    int afterBackward() {
        return afterBackward;
    }
}
