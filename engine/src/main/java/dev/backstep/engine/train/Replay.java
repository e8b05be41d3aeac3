package dev.backstep.engine.train;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.compile.Arenas;
import dev.backstep.engine.compile.CompiledStep;
import dev.backstep.engine.compile.History;
import dev.backstep.engine.compile.Recorder;
import dev.backstep.engine.compile.Unrecordable;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.List;

/**
 * The batches of a training as compiled steps on a device. A kind of batch (its shapes, whether gradients are cleared
 * before and parameters change after) is taken eagerly first, then recorded, then compared once, and only then trusted.
 * What a device holds is brought back when somebody looks.
 */
final class Replay {
    /** Squares in float32 below this lose digits. */
    private static final double SMALL = 1e-20;

    /** A batch taken eagerly. */
    interface Eager {
        /** @param recorder who notes what is computed, or null */
        void run(Recorder recorder);

        double loss();

        double norm();
    }

    /** How a batch was taken. */
    enum Taken {
        EAGERLY,
        /** Replayed; {@link Replay#loss} and {@link Replay#norm} tell of it. */
        NOW,
        /** Replayed; {@link Replay#next} will tell of it. */
        LATER
    }

    private final Setup setup;
    private final Device device;
    private final List<BatchKind> kinds = new ArrayList<>();
    private final List<Tensor> parameters;
    private Rows layout;
    private Arenas arenas;
    /** Whether the device holds newer numbers. */
    private boolean away;
    private boolean[] graded;
    /** How often the parameters changed there since all was brought back. */
    private int changes;
    private String reason;
    /** Whether the last batch was replayed. */
    private boolean replayed;
    private double loss;
    private double norm;
    /** Where answers gather, of a device that lets one wait; null before that is known. */
    private History history;
    private boolean late;
    private boolean opened;

    /** @param device null for ops one after another */
    Replay(Setup setup, Device device) {
        this.setup = setup;
        this.device = device;
        parameters = List.copyOf(setup.parameters.values());
    }

    /** Whether its numbers are those of ops one after another, to the bit. */
    boolean isExact() {
        return device == null || device.isExact();
    }

    /** The device's name, or how ops one after another are called. */
    String name() {
        return device == null ? "eager" : device.name();
    }

    /** Whether the device lets one wait for its answers. */
    boolean isLate() {
        return late;
    }

    /** Whether batches may be on a device. */
    boolean isCompiled() {
        return device != null && reason == null;
    }

    boolean isReplayed() {
        return replayed;
    }

    /** Why batches are taken eagerly, or null. */
    String reason() {
        return reason;
    }

    /** How many works a batch of each kind that is replayed has. */
    List<Integer> works() {
        return kinds.stream().filter(kind -> kind.trusted).map(kind -> kind.step.works()).toList();
    }

    private BatchKind kind(boolean clears, boolean steps, Tensor[] batch) {
        for (BatchKind kind : kinds) {
            if (kind.isOf(clears, steps, batch)) {
                return kind;
            }
        }
        BatchKind kind = new BatchKind(clears, steps, batch);
        kinds.add(kind);
        return kind;
    }

    // A batch

    /**
     * Takes a batch.
     *
     * @param batch the tensors of the data box
     * @param troubled whether numbers that are none were found already, so that nobody looks for them
     * @throws DeviceException where the device fails; then what it held is lost
     */
    Taken take(boolean clears, boolean steps, Tensor[] batch, boolean troubled, Eager eager) {
        replayed = false;
        if (reason != null || device == null) {
            eager.run(null);
            return Taken.EAGERLY;
        }
        BatchKind kind = kind(clears, steps, batch);
        if (kind.step == null) {
            settle();
            record(kind, batch, eager);
            return Taken.EAGERLY;
        }
        if (!kind.trusted) {
            settle();
        }
        Generator before = kind.trusted && (late || !setup.forward.draws()) ? null : setup.generator.copy();
        if (!ready(kind)) {
            settle();
            eager.run(null);
            return Taken.EAGERLY;
        }
        if (!kind.trusted) {
            compare(kind, batch, before, eager);
            return Taken.EAGERLY;
        }
        try {
            if (late) {
                kind.step.begin(views(batch));
                end(kind);
                history.keep();
                return Taken.LATER;
            }
            if (replay(kind, batch, troubled)) {
                return Taken.NOW;
            }
        } catch (Unrecordable other) {
            reason = other.getMessage();
        } catch (TorchError refused) {
            // So will the op that found it, and say where.
            reason = refused.getMessage();
        }
        // No finite numbers: the parameters have not changed yet, and the batch is looked at closely.
        if (reason == null) {
            kind.step.undo();
        }
        settle();
        if (before != null) {
            setup.generator.set(before);
        }
        replayed = false;
        eager.run(null);
        return Taken.EAGERLY;
    }

    // Answers that come later

    /** How many batches have not given their answer. */
    int open() {
        return history == null ? 0 : history.open();
    }

    /** Whether no batch can be taken before an answer has come. */
    boolean isFull() {
        return open() >= History.MOST;
    }

    /** Goes to the next answer that has come. @return whether there is one */
    boolean next() {
        if (history == null || !history.next()) {
            return false;
        }
        loss = history.loss();
        norm = Math.sqrt(history.squares());
        return true;
    }

    /** Asks for the answers that are still open. */
    void ask() {
        if (history != null) {
            history.ask();
        }
    }

    /** Waits for all answers. @return the sum of the losses that nobody has seen yet */
    double drain() {
        if (history == null) {
            return 0;
        }
        history.drain();
        return history.rest();
    }

    /** The device has failed, or what it computed cannot be used: what it holds is not asked for any more. */
    void fail(String why) {
        reason = why;
        discard();
        close();
    }

    /** Forgets what the device holds, because the numbers are elsewhere now. */
    void discard() {
        away = false;
        for (BatchKind kind : kinds) {
            kind.taken = 0;
        }
        if (layout != null) {
            layout.forget();
        }
        if (history != null) {
            history.clear();
        }
    }

    double loss() {
        return loss;
    }

    double norm() {
        return norm;
    }

    private View[] views(Tensor[] batch) {
        View[] views = new View[batch.length];
        for (int i = 0; i < views.length; i++) {
            views[i] = batch[i].view();
        }
        return views;
    }

    private boolean replay(BatchKind kind, Tensor[] batch, boolean troubled) {
        kind.step.begin(views(batch));
        kind.step.answer();
        loss = kind.step.loss();
        norm = norm(kind.step.squares());
        boolean finite = Double.isFinite(loss) && Double.isFinite(norm);
        if (!finite && !troubled) {
            return false;
        }
        end(kind);
        return true;
    }

    private void end(BatchKind kind) {
        kind.count(changes);
        kind.step.end();
        kind.taken++;
        changes += kind.steps ? 1 : 0;
        away = true;
        graded = kind.graded;
        replayed = true;
    }

    private double norm(double squares) {
        if (squares > SMALL && squares < Double.POSITIVE_INFINITY) {
            return Math.sqrt(squares);
        }
        float[] gradients = new float[arenas.size(Rows.GRADIENTS)];
        arenas.read(Rows.GRADIENTS, gradients);
        return layout.norm(gradients);
    }

    /** Has the device hold what is here. @return whether a step of that kind can be replayed */
    private boolean ready(BatchKind kind) {
        if (away) {
            return true;
        }
        if (!layout.fits() || !kind.clears && !isGraded(kind)) {
            return false;
        }
        if (!layout.isKnown()) {
            layout.send(arenas);
        }
        changes = 0;
        for (BatchKind other : kinds) {
            if (other.step != null) {
                other.begin();
            }
        }
        return true;
    }

    /** Whether the gradients that the step adds to are there. */
    private boolean isGraded(BatchKind kind) {
        for (int i = 0; i < parameters.size(); i++) {
            if (kind.graded[i] != (parameters.get(i).grad() != null)) {
                return false;
            }
        }
        return true;
    }

    // Bringing back

    /** Brings back what the device holds. */
    void settle() {
        if (!away) {
            return;
        }
        away = false;
        int[] writes = new int[layout.count()];
        for (BatchKind kind : kinds) {
            for (int i = 0; kind.taken > 0 && i < writes.length; i++) {
                writes[i] += kind.taken * kind.writes[i];
            }
            kind.taken = 0;
        }
        layout.bring(layout.read(arenas), graded, changes, writes);
    }

    // Recording

    /** Has a recorder note what this thread computes; null is nobody. */
    static Backends.Scope record(Recorder recorder) {
        return recorder == null ? null : Backends.record(_ -> recorder);
    }

    private void record(BatchKind kind, Tensor[] batch, Eager eager) {
        if (kind.seen++ == 0) {
            eager.run(null);
            return;
        }
        if (layout == null) {
            Rows made = Rows.of(setup);
            if (made == null) {
                reason = "a parameter is not float32, or empty";
                eager.run(null);
                return;
            }
            layout = made;
        }
        if (!layout.fits()) {
            // An optimizer has begun to remember something.
            close();
            layout = null;
            eager.run(null);
            return;
        }
        Recorder recorder = new Recorder(Backends.current());
        layout.begin(recorder, !kind.clears);
        for (Tensor tensor : batch) {
            recorder.batch(tensor.view());
        }
        setup.network.leaves().forEach((box, tensors) -> {
            for (Tensor tensor : tensors) {
                if (!box.equals(setup.dataBox)) {
                    recorder.fixed(tensor.view());
                }
            }
        });
        int[] before = layout.versions();
        eager.run(recorder);
        if (!isFinite(eager)) {
            return;
        }
        if (!layout.fits()) {
            close();
            layout = null;
            return;
        }
        try {
            finish(kind, recorder, before);
        } catch (Unrecordable why) {
            reason = why.getMessage();
        }
    }

    private void finish(BatchKind kind, Recorder recorder, int[] before) {
        layout.end(recorder);
        recorder.loss(setup.network.at(setup.target).view());
        for (GraphNode node : setup.graph.order()) {
            for (Tensor tensor : setup.network.outputs(node.id())) {
                if (tensor != null && tensor.dtype() == DType.FLOAT64) {
                    reason = "a float64 tensor takes part";
                    return;
                }
            }
        }
        kind.writes = layout.versions();
        for (int i = 0; i < before.length; i++) {
            kind.writes[i] -= before[i];
        }
        kind.graded = new boolean[parameters.size()];
        for (int i = 0; i < kind.graded.length; i++) {
            kind.graded[i] = parameters.get(i).grad() != null;
        }
        kind.follow(setup.optimizers.values(), parameters);
        if (arenas == null) {
            arenas = new Arenas(device, layout.sizes());
        }
        if (!opened) {
            opened = true;
            late = !arenas.answersAtOnce();
            history = late ? new History(device) : null;
        }
        kind.step = new CompiledStep(recorder, Backends.current(), arenas, Rows.GRADIENTS, history);
    }

    /** Takes a batch both ways from the same state. */
    private void compare(BatchKind kind, Tensor[] batch, Generator before, Eager eager) {
        replay(kind, batch, true);
        replayed = false;
        away = false;
        kind.taken = 0;
        double compiledLoss = loss;
        double compiledNorm = norm;
        float[][] rows = layout.read(arenas);
        layout.forget();
        setup.generator.set(before);
        eager.run(null);
        if (!isFinite(eager)) {
            return;
        }
        double worst = Math.max(layout.difference(rows, device.tolerance(), device.strays()),
                Math.max(apart(compiledLoss, eager.loss()), apart(compiledNorm, eager.norm())));
        if (worst <= device.tolerance()) {
            kind.trusted = true;
        } else {
            reason = "a compiled step differs by " + worst;
        }
    }

    private static boolean isFinite(Eager eager) {
        return Double.isFinite(eager.loss()) && Double.isFinite(eager.norm());
    }

    private static double apart(double a, double b) {
        return a == b ? 0 : Math.abs(a - b) / Math.max(Rows.ONE, Math.max(Math.abs(a), Math.abs(b)));
    }

    /** Gives back what the device holds for it. */
    void close() {
        try {
            for (BatchKind kind : kinds) {
                if (kind.step != null) {
                    kind.step.close();
                }
            }
            if (arenas != null) {
                arenas.close();
            }
            if (history != null) {
                history.close();
            }
        } catch (DeviceException gone) {
            // Then there is nothing to give back.
            reason = gone.getMessage();
        }
        for (BatchKind kind : kinds) {
            kind.step = null;
            kind.trusted = false;
        }
        arenas = null;
        history = null;
        opened = false;
    }
}
