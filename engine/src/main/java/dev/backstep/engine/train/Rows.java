package dev.backstep.engine.train;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.compile.Arenas;
import dev.backstep.engine.compile.Recorder;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where what lives on from batch to batch lies on a device: a row each for the parameters, their gradients, each thing
 * that an optimizer remembers of them, and the running figures. Everything about a parameter lies at the same place of
 * its row, so that all parameters change at once.
 */
final class Rows {
    /** Differences are relative to this at least: where larger numbers cancel, float32 leaves no more digits. */
    static final double ONE = 0.1;
    static final int GRADIENTS = 1;

    /** What an optimizer remembers by that name, in a row of its own. */
    private record Row(Optimizer optimizer, String name) {
    }

    private final Setup setup;
    private final Tensor[] parameters;
    private final int[] places;
    private final Tensor[] buffers;
    private final int[] bufferPlaces;
    private final List<Row> rows = new ArrayList<>();
    private final int[] sizes;
    /** What stood where when both sides were last the same, and in which version. */
    private final List<Tensor> known = new ArrayList<>();
    private int[] versions = {};

    private Rows(Setup setup) {
        this.setup = setup;
        parameters = setup.parameters.values().toArray(Tensor[]::new);
        buffers = setup.buffers.values().toArray(Tensor[]::new);
        places = new int[parameters.length];
        bufferPlaces = new int[buffers.length];
        int size = place(parameters, places);
        for (Optimizer optimizer : setup.optimizers.values()) {
            List<String> names = new ArrayList<>();
            for (Tensor parameter : parameters) {
                for (String name : optimizer.memory(parameter).keySet()) {
                    if (!name.equals("step") && !names.contains(name)) {
                        names.add(name);
                    }
                }
            }
            names.forEach(name -> rows.add(new Row(optimizer, name)));
        }
        sizes = new int[2 + rows.size() + (buffers.length > 0 ? 1 : 0)];
        Arrays.fill(sizes, size);
        int ofBuffers = place(buffers, bufferPlaces);
        if (buffers.length > 0) {
            sizes[sizes.length - 1] = ofBuffers;
        }
    }

    private static int place(Tensor[] tensors, int[] places) {
        int size = 0;
        for (int i = 0; i < tensors.length; i++) {
            places[i] = size;
            size += Arenas.padded(tensors[i].numel());
        }
        return size;
    }

    /** The layout of what there is now, or null where it is not all float32 in a row. */
    static Rows of(Setup setup) {
        Rows layout = new Rows(setup);
        for (Tensor tensor : layout.all()) {
            if (tensor != null && (tensor.dtype() != DType.FLOAT32 || tensor.numel() == 0)) {
                return null;
            }
        }
        return layout;
    }

    /** Whether all that has a place is there now, and nothing else. */
    boolean fits() {
        for (Row row : rows) {
            for (Tensor parameter : parameters) {
                Map<String, Tensor> memory = row.optimizer.memory(parameter);
                if (!memory.isEmpty() && !memory.containsKey(row.name)) {
                    return false;
                }
            }
        }
        int remembered = 0;
        for (Optimizer optimizer : setup.optimizers.values()) {
            boolean any = false;
            for (Tensor parameter : parameters) {
                for (String name : optimizer.memory(parameter).keySet()) {
                    any |= !name.equals("step");
                    remembered += !name.equals("step") && !has(optimizer, name) ? 1 : 0;
                }
            }
            for (Row row : rows) {
                if (row.optimizer == optimizer && !any) {
                    return false;
                }
            }
        }
        return remembered == 0;
    }

    private boolean has(Optimizer optimizer, String name) {
        for (Row row : rows) {
            if (row.optimizer == optimizer && row.name.equals(name)) {
                return true;
            }
        }
        return false;
    }

    int[] sizes() {
        return sizes;
    }

    /** All tensors that have a place, row by row; null where there is none now. */
    private List<Tensor> all() {
        List<Tensor> all = new ArrayList<>(Arrays.asList(parameters));
        for (Tensor parameter : parameters) {
            all.add(parameter.grad());
        }
        for (Row row : rows) {
            for (Tensor parameter : parameters) {
                all.add(row.optimizer.memory(parameter).get(row.name));
            }
        }
        all.addAll(Arrays.asList(buffers));
        return all;
    }

    private int arena(int i) {
        return Math.min(i / parameters.length, sizes.length - 1);
    }

    private int place(int i) {
        int ofRows = parameters.length * (2 + rows.size());
        return i < ofRows ? places[i % parameters.length] : bufferPlaces[i - ofRows];
    }

    /** How many tensors have a place. */
    int count() {
        return parameters.length * (2 + rows.size()) + buffers.length;
    }

    // Recording

    /** Tells what there is before a step. */
    void begin(Recorder recorder, boolean gradients) {
        List<Tensor> all = all();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) != null && (gradients || arena(i) != GRADIENTS)) {
                recorder.state(all.get(i).view(), arena(i), place(i));
            }
        }
    }

    /** Tells where the gradients are after a step. */
    void end(Recorder recorder) {
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].grad() != null) {
                recorder.becomes(parameters[i].grad().view(), GRADIENTS, places[i]);
            }
        }
    }

    /** How often each tensor was written so far, but for gradients, which are new ones. */
    int[] versions() {
        List<Tensor> all = all();
        int[] now = new int[all.size()];
        for (int i = 0; i < now.length; i++) {
            now[i] = all.get(i) == null || arena(i) == GRADIENTS ? 0 : all.get(i).version();
        }
        return now;
    }

    // There and back

    /** Whether nobody has put or written anything since both sides were the same. */
    boolean isKnown() {
        List<Tensor> all = all();
        if (known.size() != all.size()) {
            return false;
        }
        for (int i = 0; i < versions.length; i++) {
            if (known.get(i) != all.get(i) || all.get(i) != null && all.get(i).version() != versions[i]) {
                return false;
            }
        }
        return true;
    }

    /** Remembers that both sides are the same. */
    void know() {
        known.clear();
        known.addAll(all());
        versions = new int[known.size()];
        for (int i = 0; i < versions.length; i++) {
            versions[i] = known.get(i) == null ? 0 : known.get(i).version();
        }
    }

    void forget() {
        known.clear();
    }

    /** Brings all there. */
    void send(Arenas arenas) {
        Backend backend = Backends.current();
        List<Tensor> all = all();
        int next = 0;
        for (int arena = 0; arena < sizes.length; arena++) {
            float[] row = new float[sizes[arena]];
            for (; next < all.size() && arena(next) == arena; next++) {
                if (all.get(next) != null) {
                    float[] values = new float[all.get(next).numel()];
                    backend.read(all.get(next).view(), values);
                    System.arraycopy(values, 0, row, place(next), values.length);
                }
            }
            arenas.write(arena, row);
        }
        know();
    }

    /** All as it is there, row by row. */
    float[][] read(Arenas arenas) {
        return arenas.read();
    }

    /**
     * Brings all back.
     *
     * @param graded of which parameters there is a gradient
     * @param changes how often the optimizers changed them
     * @param writes how often each tensor was written there
     */
    void bring(float[][] rows, boolean[] graded, int changes, int[] writes) {
        Backend backend = Backends.current();
        for (int i = 0; i < parameters.length; i++) {
            if (graded[i]) {
                parameters[i].grad(Tensor.zeros(parameters[i].shape(), DType.FLOAT32));
            }
        }
        List<Tensor> all = all();
        for (int i = 0; i < all.size(); i++) {
            Tensor tensor = all.get(i);
            if (tensor != null && (arena(i) != GRADIENTS || graded[i - parameters.length])) {
                View view = tensor.view();
                backend.write(view, rows[arena(i)], place(i));
                view.buffer().bump(writes[i]);
            }
        }
        for (Optimizer optimizer : changes > 0 ? setup.optimizers.values() : List.<Optimizer>of()) {
            for (int i = 0; i < parameters.length; i++) {
                Tensor steps = optimizer.memory(parameters[i]).get("step");
                if (graded[i] && steps != null) {
                    steps.add_(changes);
                    steps.view().buffer().bump(changes - 1);
                }
            }
        }
        know();
    }

    /** The norm of all gradients, each parameter's added up by itself as {@link Tensor#squares} does. */
    double norm(float[] gradients) {
        double squares = 0;
        for (int i = 0; i < parameters.length; i++) {
            double own = 0;
            for (int k = places[i]; k < places[i] + parameters[i].numel(); k++) {
                own += (double) gradients[k] * gradients[k];
            }
            squares += own;
        }
        return Math.sqrt(squares);
    }

    /**
     * How far the rows are from what is here, relative to the largest number of each tensor; NaN counts as such.
     *
     * @param tolerance beyond it lie those that do not count where they are few
     * @param strays which share of a tensor, other than a gradient, few are
     */
    double difference(float[][] rows, double tolerance, double strays) {
        Backend backend = Backends.current();
        List<Tensor> all = all();
        double worst = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) == null) {
                continue;
            }
            float[] values = new float[all.get(i).numel()];
            backend.read(all.get(i).view(), values);
            int few = arena(i) == GRADIENTS ? 0 : (int) (strays * values.length);
            worst = Math.max(worst, difference(values, rows[arena(i)], place(i), tolerance, few));
        }
        return worst;
    }

    /** @param from where the tensor's numbers begin in the row; {@code few} of them may be beyond the tolerance */
    static double difference(float[] values, float[] row, int from, double tolerance, int few) {
        double largest = ONE;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        double near = 0;
        double far = 0;
        int count = 0;
        for (int k = 0; k < values.length; k++) {
            double apart = Math.abs(values[k] - row[from + k]) / largest;
            if (apart != apart) {
                return apart;
            }
            if (apart <= tolerance) {
                near = Math.max(near, apart);
            } else {
                far = Math.max(far, apart);
                count++;
            }
        }
        return count <= few ? near : far;
    }
}
