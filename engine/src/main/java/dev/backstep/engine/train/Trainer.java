package dev.backstep.engine.train;

import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.compile.Recorder;
import dev.backstep.engine.data.DataLoader;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Network;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.optim.LrScheduler;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.step.Standing;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Trains a document, a batch at a time, by the program that {@link Loop} tells. Whoever pulls owns time. The numbers
 * are those of the same program in PyTorch after {@code torch.manual_seed(seed)}, the document's parameters given.
 */
public final class Trainer {
    private static final Tensor[] NONE = {};
    /** A device that fails costs no more than so many batches. */
    private static final int ANCHOR = 512;

    private final Setup setup;
    private final Fastest fastest;
    private final EagerBatch ops;
    private final Replay.Eager eager = new Replay.Eager() {
        @Override
        public void run(Recorder recorder) {
            drain();
            take(recorder);
        }

        @Override
        public double loss() {
            return loss;
        }

        @Override
        public double norm() {
            return norm;
        }
    };
    private final Loop loop;
    private final List<Tensor> parameters;
    private final List<Optimizer> optimizers;
    private final String document;
    private final String program;

    private DataLoader.Pass pass;
    private long orderSeed;
    private long batch;
    private int epoch;
    private int inEpoch;
    private long answered;
    private double lossSum;
    private final ArrayDeque<Answer> answers = new ArrayDeque<>();
    private Checkpoint anchor;
    private String failure;
    private double loss;
    private double norm;
    private Trouble trouble;

    /**
     * The first number of a batch that is none.
     *
     * @param box where it is, or null where that cannot be told
     * @param isGradient whether it is in a gradient, and not in a value
     */
    public record Trouble(String box, boolean isGradient) {}

    /**
     * A training that has not begun.
     *
     * @throws Refusal where the document cannot be trained
     */
    public Trainer(Graph graph) {
        this(graph, new CpuDevice());
    }

    /**
     * A training whose batches are compiled steps of that device where they can be.
     *
     * @param device or null, for ops one after another
     * @throws Refusal where the document cannot be trained
     */
    public Trainer(Graph graph, Device device) {
        this(graph, device == null ? List.of() : List.of(device), device == null ? "eager" : device.name(),
                System::nanoTime);
    }

    /**
     * A training that runs on the device of that name, or where it turns out to be fastest.
     *
     * @param devices which there are
     * @param wanted the name of one, {@code eager} or {@code auto}
     * @param clock nanoseconds
     * @throws Refusal where the document cannot be trained
     */
    Trainer(Graph graph, List<Device> devices, String wanted, LongSupplier clock) {
        setup = new Setup(graph);
        loop = setup.loop;
        parameters = List.copyOf(setup.parameters.values());
        optimizers = List.copyOf(setup.optimizers.values());
        ops = new EagerBatch(setup);
        document = Fingerprint.of(setup.graph);
        program = Fingerprint.of(loop, setup.graph);
        fastest = new Fastest(setup, devices, wanted, clock);
    }

    // Going on

    /** Whether an epoch is left. */
    public boolean hasNext() {
        return epoch < loop.epochs();
    }

    /**
     * Takes the next batch; {@link #loss()}, {@link #norm()} and {@link #trouble()} tell of it, or where it is computed
     * on a device that lets one wait, of the batches up to {@link #answered()}.
     *
     * @throws Refusal where something in it is refused; the training can go on from a checkpoint only
     */
    public void next() {
        if (waits()) {
            finish();
        }
        try {
            fastest.turn(batch, answered == batch);
        } catch (DeviceException failed) {
            fail(failed);
            again(batch);
        }
        keepAnchor();
        long begin = fastest.begin();
        takeBatch();
        Replay.Taken how;
        try {
            how = fastest.current().take(loop.clearsAt(inEpoch), loop.stepsAt(inEpoch, setup.batches), samples(),
                    trouble != null, eager);
        } catch (DeviceException failed) {
            fail(failed);
            again(batch + 1);
            if (answers.size() == 1) {
                poll();
            }
            return;
        } catch (Network.Refused refused) {
            throw new Refusal(refused.reason());
        } catch (TorchError refused) {
            throw setup.refusal(refused);
        }
        fastest.end(begin);
        count();
        if (how == Replay.Taken.NOW) {
            loss = fastest.current().loss();
            norm = fastest.current().norm();
            trouble = isFinite() ? null : trouble;
        }
        if (how != Replay.Taken.LATER) {
            if (answered == batch - 1) {
                answer();
            } else {
                answers.add(new Answer(loss, norm, trouble));
            }
        }
    }

    private void count() {
        batch++;
        if (++inEpoch == setup.batches) {
            epoch++;
            inEpoch = 0;
            pass = null;
            setup.schedulers.forEach(LrScheduler::step);
        }
    }

    private void answer() {
        lossSum = answered % setup.batches == 0 ? loss : lossSum + loss;
        answered++;
    }

    private Tensor[] samples() {
        return setup.dataBox == null ? NONE : setup.network.outputs(setup.dataBox);
    }

    private void fail(DeviceException failed) {
        failure = fastest.name();
        fastest.fail(failed.getMessage());
    }

    // Answers that come later

    /** The numbers of a batch that has been taken. */
    private record Answer(double loss, double norm, Trouble trouble) {}

    /** How many batches have told their loss; those behind are still on their way. */
    public long answered() {
        return answered;
    }

    /** Whether no batch should be taken before {@link #poll} has brought answers. */
    public boolean waits() {
        return answered < batch && (fastest.current().isFull() || fastest.waits(batch));
    }

    /** Has answers come that nobody waited for; {@link #poll} brings them. */
    public void ask() {
        fastest.current().ask();
    }

    /** Goes to the answer of the next batch, where it has come. @return whether there is one */
    public boolean poll() {
        Replay replay = fastest.current();
        boolean replayed = answers.isEmpty();
        try {
            if (!replayed) {
                Answer next = answers.poll();
                loss = next.loss;
                norm = next.norm;
                trouble = next.trouble;
            } else if (answered < batch && replay.next()) {
                loss = replay.loss();
                norm = replay.norm();
            } else {
                return false;
            }
        } catch (DeviceException failed) {
            fail(failed);
            again(batch);
            return !answers.isEmpty() && poll();
        }
        if (replayed && !isFinite() && trouble == null) {
            // What came later is of no use: this batch is done again, and looked at closely.
            replay.discard();
            again(answered + 1);
            return poll();
        }
        trouble = isFinite() ? null : trouble;
        answer();
        return true;
    }

    /** Brings back the numbers and gives back what devices hold; it may go on all the same. */
    void close() {
        settle();
        fastest.close();
    }

    /** Waits for all answers, which {@link #poll} then brings. */
    void finish() {
        settle();
        drain();
    }

    /** Brings all answers here. */
    private void drain() {
        Replay replay = fastest.current();
        if (replay.open() > 0) {
            replay.drain();
            while (replay.next()) {
                answers.add(new Answer(replay.loss(), replay.norm(), null));
            }
        }
    }

    /** Has a checkpoint to go back to where the device that holds the newest numbers fails. */
    private void keepAnchor() {
        if (fastest.current().isCompiled() && (anchor == null || batch - anchor.batch() >= ANCHOR)) {
            anchor = checkpoint();
        }
    }

    /** Takes all batches since the last checkpoint again, by one op after another. */
    private void again(long to) {
        long known = answered;
        Trouble before = trouble;
        answers.clear();
        List<Answer> found = new ArrayList<>();
        restore(anchor);
        trouble = before;
        boolean goesOn = true;
        while (batch < to && goesOn) {
            takeBatch();
            take(null);
            count();
            if (batch <= known) {
                answer();
            } else {
                found.add(new Answer(loss, norm, trouble));
                goesOn = Double.isFinite(loss);
            }
        }
        answers.addAll(found);
    }

    /** The name of the device that failed since the last time somebody asked, or null. */
    String failure() {
        String told = failure;
        failure = null;
        return told;
    }

    Fastest fastest() {
        return fastest;
    }

    // A batch

    private void takeBatch() {
        if (setup.loader != null) {
            if (pass == null) {
                pass = inEpoch == 0 ? setup.loader.iterator() : setup.loader.resume(orderSeed, inEpoch);
            }
            setup.network.set(setup.dataBox, pass.next());
            orderSeed = pass.seed();
        }
    }

    private boolean isFinite() {
        return Double.isFinite(norm) && Double.isFinite(loss);
    }

    /** Takes the batch by one op after another. */
    private void take(Recorder recorder) {
        ops.begin(recorder, inEpoch);
        loss = ops.loss();
        norm = ops.norm();
        // A sum of finite numbers may still be infinite, and is none to go on with.
        trouble = isFinite() ? null : trouble == null ? ops.find() : trouble;
        ops.end(recorder, inEpoch);
    }

    // Where it stands

    /** The loss of the last batch, as it was before backward. */
    public double loss() {
        return loss;
    }

    /** The Euclidean norm of all gradients of the last batch, before they were clipped. */
    public double norm() {
        return norm;
    }

    /** Where the first number of this batch, or of one before since all were finite, was none; null where all are. */
    public Trouble trouble() {
        return trouble;
    }

    /** How many batches were taken in all. */
    public long batch() {
        return batch;
    }

    /** How many epochs are over. */
    public int epoch() {
        return epoch;
    }

    /** How many batches of the epoch that goes on were taken. */
    public int inEpoch() {
        return inEpoch;
    }

    /** How many batches an epoch has. */
    public int batches() {
        return setup.batches;
    }

    /** The mean loss of the batches of the epoch that goes on; after its last, of the whole epoch. */
    public double meanLoss() {
        return lossSum / (answered % setup.batches == 0 ? setup.batches : answered % setup.batches);
    }

    public Loop loop() {
        return loop;
    }

    /** Whether a checkpoint was made by this very program, so that what lies before it can be gone back to. */
    boolean isOwn(Checkpoint saved) {
        return saved.program().equals(program);
    }

    /** The parts of the document, with the numbers that it has now. */
    Setup setup() {
        settle();
        return setup;
    }

    /** Has the parameters and all that belongs to them be here, for who looks. */
    void settle() {
        try {
            fastest.current().settle();
        } catch (DeviceException failed) {
            fail(failed);
            again(batch);
        }
    }

    /** The next batch, begun: its samples are drawn, and this training cannot go on by itself any more. */
    Standing begin() {
        settle();
        takeBatch();
        Map<String, Tensor[]> leaves = new LinkedHashMap<>(setup.network.leaves());
        if (setup.dataBox != null) {
            leaves.put(setup.dataBox, setup.network.outputs(setup.dataBox));
        }
        Map<String, Optimizer.State> states = new LinkedHashMap<>();
        setup.optimizers.forEach((box, optimizer) -> states.put(box, optimizer.stateDict()));
        return new Standing(leaves, setup.mode, states);
    }

    /** The learning rate that each optimizer has in the next epoch. */
    List<Double> nextRates() {
        return setup.schedulers.stream().map(scheduler -> scheduler.next(0)).toList();
    }

    /** The learning rate of the first optimizer, or of an update by hand. */
    double lr() {
        return optimizers.isEmpty() ? loop.lr() : optimizers.getFirst().paramGroups().getFirst().number("lr");
    }

    // Checkpoints

    /** Everything that is needed to go on from here. */
    public Checkpoint checkpoint() {
        settle();
        double sum = lossSum;
        long at = answered;
        boolean finite = trouble == null;
        if (answered < batch) {
            drain();
            for (Answer answer : answers) {
                sum = at++ % setup.batches == 0 ? answer.loss : sum + answer.loss;
                finite &= Double.isFinite(answer.loss) && Double.isFinite(answer.norm);
            }
        }
        Checkpoint taken = new Copies(setup).take(document, program, batch, epoch, inEpoch, orderSeed, sum);
        anchor = finite || anchor == null ? taken : anchor;
        return taken;
    }

    /**
     * Goes on from a checkpoint of this document, whatever its loop says.
     *
     * @throws Refusal where it is another document's; then nothing has changed
     */
    public void restore(Checkpoint saved) {
        if (!saved.document().equals(document) || saved.inEpoch() >= setup.batches
                || saved.batch() != (long) saved.epoch() * setup.batches + saved.inEpoch()) {
            throw new Refusal(Code.OTHER_DOCUMENT);
        }
        settle();
        new Copies(setup).put(saved);
        fastest.current().discard();
        answers.clear();
        anchor = saved;
        answered = saved.batch();
        batch = saved.batch();
        epoch = saved.epoch();
        inEpoch = saved.inEpoch();
        orderSeed = saved.orderSeed();
        lossSum = saved.lossSum();
        pass = null;
        trouble = null;
        loss = Double.NaN;
        norm = Double.NaN;
    }
}
