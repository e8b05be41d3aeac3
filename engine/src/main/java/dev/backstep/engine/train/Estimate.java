package dev.backstep.engine.train;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.DataException;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Meta;

/**
 * How much memory a run needs at most, told from the document alone. Each part is counted as often as it lies in memory
 * at the worst moment, which is when a checkpoint is kept while a batch is under way; a test compares it with the heap.
 */
public final class Estimate {
    /** The session, its events and its checkpoints on the way, of which a run keeps 32 MiB. */
    private static final long SESSION = 4L << 20;
    private static final long TRAIL = 32L << 20;
    private static final int BATCHES_TO_CHECKPOINT = 16;
    /** A parameter, its gradient, and the most that an optimizer remembers of it. */
    private static final int STATES = 2 + 3;
    /**
     * How often those are there: at work, in a compiled step and while that is compared with the plain one; in the
     * first, the last and the newest checkpoint; that as bytes, and as the database's driver has them.
     */
    private static final int STANDS = 8;
    /** A value, its gradient, what a composed op and its derivative make on the way, and a compiled step's. */
    private static final int COPIES = 8;
    /** An op like a loss works on as much as it reads, whatever it gives. */
    private static final int READ_COPIES = 4;
    /** A convolution lays out what its windows see, and does so again for each gradient. */
    private static final int COLUMNS = 4;
    /** A derivative of a derivative has a graph of its own, of more ops. */
    private static final int SECOND_ORDER = 3;
    /** Samples are measured so many at a time. */
    private static final int MEASURED = 512;
    /** A set as it was read, in double, split, standardized; and a table's text with its words. */
    private static final int SAMPLES = 40;
    private static final int CHARACTERS = 24;

    private final Graph graph;
    private final Inference inference;

    private Estimate(Graph graph) {
        this.graph = graph;
        this.inference = Inference.of(graph);
    }

    /** In bytes; {@code Long.MAX_VALUE} where that is no number any more. */
    public static long bytes(Graph graph) {
        try {
            return new Estimate(graph).sum();
        } catch (ArithmeticException _) {
            return Long.MAX_VALUE;
        }
    }

    private long sum() {
        long learned = 0;
        long worked = 0;
        boolean twice = Loop.of(graph).penalty() != null;
        GraphNode data = Loop.data(graph);
        for (GraphNode node : graph.order()) {
            twice |= node.type().equals("grad");
            if (node.type().equals(DataBox.TYPE.type())) {
                worked = Math.addExact(worked, Math.addExact(samples(node), times(COPIES, outputs(node))));
            } else if (NodeTypes.of(node).isLeaf()) {
                learned = Math.addExact(learned, outputs(node));
            } else {
                worked = Math.addExact(worked, times(measured(data, node), work(node)));
            }
        }
        long stand = times(STATES, learned);
        long kept = Math.min(TRAIL, times(steps(data) / BATCHES_TO_CHECKPOINT + 1, stand + 10_000));
        long held = Math.addExact(SESSION + kept, times(STANDS, stand));
        return Math.addExact(held, times(twice ? SECOND_ORDER : 1, worked));
    }

    private long steps(GraphNode data) {
        Meta batch = data == null ? null : inference.at(new Port(data.id(), 0));
        if (batch == null) {
            return Loop.of(graph).epochs();
        }
        return Loop.of(graph).epochs() * (size(data).samples() / batch.shape()[0] + 1);
    }

    /** How much more than a batch is worked on where samples are measured, for which there are no gradients. */
    private long measured(GraphNode data, GraphNode node) {
        Meta batch = data == null ? null : inference.at(new Port(data.id(), 0));
        boolean follows = batch != null && graph.reaches(data.id(), node.id());
        return follows ? 1 + MEASURED / batch.shape()[0] / 2 : 1;
    }

    private long work(GraphNode node) {
        long sum = times(COPIES, outputs(node));
        for (Wire wire : graph.wiresInto(node.id())) {
            sum = Math.addExact(sum, times(READ_COPIES, size(inference.at(wire.from()))));
        }
        return Math.addExact(sum, windows(node));
    }

    /** What the windows of a convolution or a pooling see. */
    private long windows(GraphNode node) {
        Meta out = inference.at(new Port(node.id(), 0));
        if (out == null || out.shape().length < 2) {
            return 0;
        }
        int[] shape = out.shape();
        long places = times(shape[shape.length - 1], shape[shape.length - 2]);
        if (node.type().equals("conv2d")) {
            Wire weight = graph.wireInto(new Port(node.id(), 1));
            Meta kernel = weight == null ? null : inference.at(weight.from());
            if (kernel == null) {
                return 0;
            }
            long images = shape.length == 4 ? shape[0] : 1;
            long column = times(NodeTypes.attrs(node).integer("groups"), size(kernel)) / kernel.shape()[0];
            return times(COLUMNS, times(times(images, column), places));
        }
        if (node.type().equals("max_pool2d")) {
            int[] window = NodeTypes.attrs(node).ints("kernel_size");
            return times(COLUMNS, times(times(window[0], window[window.length - 1]), size(out)));
        }
        return 0;
    }

    private long samples(GraphNode data) {
        Source.Size size = size(data);
        long columns = size.features() + Math.max(1L, size.classes());
        return Math.addExact(times(SAMPLES, times(size.samples(), columns)),
                (long) CHARACTERS * NodeTypes.attrs(data).text(DataBox.TABLE).length());
    }

    private static Source.Size size(GraphNode data) {
        Attrs attrs = NodeTypes.attrs(data);
        try {
            return DataBox.source(attrs).size(attrs);
        } catch (DataException _) {
            return new Source.Size(0, 0, 0); // the run will say what is wrong
        }
    }

    private long outputs(GraphNode node) {
        long sum = 0;
        for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
            sum = Math.addExact(sum, size(inference.at(new Port(node.id(), i))));
        }
        return sum;
    }

    private static long size(Meta meta) {
        if (meta == null) {
            return 0;
        }
        long size = meta.dtype().bytes();
        for (int extent : meta.shape()) {
            size = times(size, extent);
        }
        return size;
    }

    private static long times(long a, long b) {
        return Math.multiplyExact(a, b);
    }
}
