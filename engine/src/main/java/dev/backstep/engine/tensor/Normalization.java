package dev.backstep.engine.tensor;

import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.param;
import static dev.backstep.engine.tensor.AttrSpec.Kind.FLAG;
import static dev.backstep.engine.tensor.AttrSpec.Kind.INTS;
import static dev.backstep.engine.tensor.AttrSpec.Kind.NUMBER;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.out;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Program;
import java.util.Arrays;
import java.util.List;

/**
 * Layers that bring numbers to mean 0 and variance 1, then scale and shift them: with x̂ = (x − mean) r and
 * r = 1 / √(var + eps), y = x̂ w + b. The derivatives are those of the formula, mean and variance included.
 */
final class Normalization {
    private static final String TOWARD_X = "∂L/∂x = r (G w − mean(G w) − x̂ mean(G w x̂))";
    private static final String TOWARD_WEIGHT = "∂L/∂w = Σ G x̂";
    private static final String TOWARD_BIAS = "∂L/∂b = Σ G";

    // PyTorch has one function for the derivatives by all inputs, which gets mean and rate too: so those are kept, and
    // everything is, whichever gradient is asked for. The rules here find mean and rate again, to depend on x by them.

    private static final Op LAYER = layerNorm("native_layer_norm").gradFn("NativeLayerNormBackward0")
            .savedInputs("input", "weight", "bias").outputs("out", "mean", "rstd")
            .savedOutputs("result0", "result1", "result2")
            .compute((attrs, in) -> checkLayer(attrs, in), (attrs, in) -> {
                checkLayer(attrs, Op.metas(in));
                Tensor x = in[0].to(DType.FLOAT64);
                int[] dims = lasts(attrs, x.dim());
                Tensor mean = x.mean(true, dims);
                Tensor rate = rate(variance(x.sub(mean), dims), attrs);
                Tensor result = x.sub(mean).mul(rate).mul(in[1]).add(in[2]);
                return new Tensor[] {one(in[0], result), one(in[0], mean), one(in[0], rate)};
            })
            .vjp(rule(TOWARD_X, (g, s) -> back(g.mul(s.in(1)), s.in(0), lasts(s.attrs(), g.dim()), s.attrs()),
                    0, 1, 2, out(1), out(2)),
                    rule(TOWARD_WEIGHT, (g, s) -> g.mul(normal(s.in(0), lasts(s.attrs(), g.dim()), s.attrs())),
                            0, 1, 2),
                    rule(TOWARD_BIAS, (g, _) -> g))
            .build();

    /** Over the last dimensions, those of {@code normalized_shape}. */
    static final Op LAYER_NORM = layerNorm("layer_norm").torch("torch.nn.functional.layer_norm")
            .palette(Group.LAYER, "LN")
            .compose((attrs, in) -> checkLayer(attrs, in), null,
                    (attrs, in) -> new Tensor[] {LAYER.call(attrs, in)})
            .notes(TOWARD_X, TOWARD_WEIGHT, TOWARD_BIAS)
            .samples(() -> List.of(layer(2, 3), layer(4), Sample.of(Attrs.of("normalized_shape", new int[] {3, 2}),
                    Samples.data(2, 3, 2), Samples.uniform(5, -2, 2, 3, 2), Samples.uniform(6, -2, 2, 3, 2))))
            .build();

    private static final Op BATCH = batchNorm("_batch_norm").gradFn("NativeBatchNormBackward0")
            .savedInputs("input", "running_mean", "running_var", "weight", "bias")
            .outputs("out", "mean", "rstd").savedOutputs("result0", "result1", "result2")
            .compute((attrs, in) -> checkBatch(attrs, in), (attrs, in) -> {
                checkBatch(attrs, Op.metas(in));
                Tensor x = in[0].to(DType.FLOAT64);
                Tensor normal = normal(x, in[1], in[2], attrs);
                Tensor mean = Tensor.zeros(new int[] {0}, in[0].dtype());
                Tensor rate = Tensor.zeros(new int[] {0}, in[0].dtype());
                if (attrs.flag("training")) {
                    Tensor center = x.mean(true, others(x.dim()));
                    mean = one(in[0], center.reshape(-1));
                    rate = one(in[0], rate(variance(x.sub(center), others(x.dim())), attrs).reshape(-1));
                    follow(x, in[1], in[2], attrs.number("momentum"));
                }
                Tensor result = one(in[0], normal.mul(byFeature(in[3], x.dim())).add(byFeature(in[4], x.dim())));
                int[] strides = Layout.channelsLast(x.view().shape(), in[0]);
                return new Tensor[] {strides == null ? result : new Tensor(Layout.as(result.view(), strides)), mean,
                    rate};
            })
            .vjp(rule(TOWARD_X, (g, s) -> {
                Tensor gw = g.mul(byFeature(s.in(3), g.dim()));
                return s.attrs().flag("training") ? back(gw, s.in(0), others(g.dim()), s.attrs())
                        : gw.mul(byFeature(rate(s.in(2).detach(), s.attrs()), g.dim()));
            }, 0, 1, 2, 3, out(1), out(2)), null, null, rule(TOWARD_WEIGHT,
                    (g, s) -> g.mul(normal(s.in(0), s.in(1).detach(), s.in(2).detach(),
                            s.attrs())).sum(false, others(g.dim())), 0, 1, 2, 3),
                    rule(TOWARD_BIAS, (g, _) -> g.sum(false, others(g.dim()))))
            .build();

    /**
     * Over all dimensions but the second. While training, the running figures move by {@code momentum} towards the
     * batch's, which PyTorch does not count as a write; else they take the place of the batch's.
     */
    static final Op BATCH_NORM = batchNorm("batch_norm").torch("torch.nn.functional.batch_norm")
            .palette(Group.LAYER, "BN")
            .writes(attrs -> attrs.flag("training") ? new int[] {1, 2} : NodeType.NO_INPUTS)
            .compose((attrs, in) -> checkBatch(attrs, in), null, (attrs, in) -> {
                Losses.needConstant("native_batch_norm", "running_mean", 1, in);
                Losses.needConstant("native_batch_norm", "running_var", 2, in);
                return new Tensor[] {BATCH.call(attrs, in)};
            })
            .notes(TOWARD_X, null, null, TOWARD_WEIGHT, TOWARD_BIAS)
            .samples(() -> List.of(batch(true, 4, 2), batch(true, 3, 2, 4), batch(true, 2, 2, 2, 3),
                    batch(false, 4, 2), batch(false, 3, 2, 4), batch(false, 2, 2, 2, 3)))
            .build();

    static final List<Op> ALL = List.of(LAYER_NORM, BATCH_NORM);

    private static final Program MOVED = new Program(
            arg(0).times(param("keep")).plus(arg(1).times(param("momentum"))), 2);

    private Normalization() {
    }

    private static OpBuilder layerNorm(String type) {
        return op(type, "input", "weight", "bias").attr("normalized_shape", INTS, null).attr("eps", NUMBER, 1e-5);
    }

    private static OpBuilder batchNorm(String type) {
        return op(type, "input", "running_mean", "running_var", "weight", "bias").attr("training", FLAG, false)
                .attr("momentum", NUMBER, 0.1).attr("eps", NUMBER, 1e-5);
    }

    private static Tensor one(Tensor like, Tensor result) {
        return Layout.inOrder(result.to(like.dtype()));
    }

    // The formula

    private static Tensor rate(Tensor variance, Attrs attrs) {
        return Pointwise.RSQRT.call(variance.add(attrs.number("eps")));
    }

    private static Tensor variance(Tensor away, int... dims) {
        return away.square().mean(true, dims);
    }

    /** x̂ of the figures of x itself. */
    private static Tensor normal(Tensor x, int[] dims, Attrs attrs) {
        Tensor away = x.sub(x.mean(true, dims));
        return away.mul(rate(variance(away, dims), attrs));
    }

    /** x̂ of the batch, or of the running figures. */
    private static Tensor normal(Tensor x, Tensor mean, Tensor variance, Attrs attrs) {
        return attrs.flag("training") ? normal(x, others(x.dim()), attrs)
                : x.sub(byFeature(mean, x.dim())).mul(byFeature(rate(variance, attrs), x.dim()));
    }

    /** The gradient of x, from that of x̂. */
    private static Tensor back(Tensor g, Tensor x, int[] dims, Attrs attrs) {
        Tensor away = x.sub(x.mean(true, dims));
        Tensor rate = rate(variance(away, dims), attrs);
        Tensor normal = away.mul(rate);
        return g.sub(g.mean(true, dims)).sub(normal.mul(g.mul(normal).mean(true, dims))).mul(rate);
    }

    /** Moves the running figures towards those of the batch; the variance counts one element less. */
    private static void follow(Tensor x, Tensor mean, Tensor variance, double momentum) {
        int[] dims = others(x.dim());
        Tensor center = x.mean(true, dims);
        double n = (double) x.numel() / center.numel();
        Tensor spread = variance(x.sub(center), dims).mul(n / (n - 1));
        move(mean, center, momentum);
        move(variance, spread, momentum);
    }

    private static void move(Tensor running, Tensor to, double momentum) {
        View own = running.view();
        Backends.current().pointwise(MOVED, new double[] {1 - momentum, momentum}, DType.FLOAT64, own, own,
                to.reshape(running.shape()).view());
    }

    // Shapes

    /** The last dimensions, as many as {@code normalized_shape} has. */
    private static int[] lasts(Attrs attrs, int rank) {
        int[] dims = new int[attrs.ints("normalized_shape").length];
        Arrays.setAll(dims, i -> rank - dims.length + i);
        return dims;
    }

    /** All dimensions but the second. */
    private static int[] others(int rank) {
        int[] dims = new int[rank - 1];
        Arrays.setAll(dims, i -> i == 0 ? 0 : i + 1);
        return dims;
    }

    /** One number for each feature, so that it broadcasts along the second dimension. */
    private static Tensor byFeature(Tensor figures, int rank) {
        int[] shape = new int[rank];
        Arrays.fill(shape, 1);
        shape[1] = -1;
        return figures.reshape(shape);
    }

    private static Meta[] checkLayer(Attrs attrs, Meta[] in) {
        int[] over = attrs.ints("normalized_shape");
        int[] shape = in[0].shape();
        int missing = shape.length - over.length;
        if (over.length == 0) {
            throw TorchError.runtime("Expected normalized_shape to be at least 1-dimensional, i.e., containing at "
                    + "least one element, but got normalized_shape = []");
        }
        String[] names = {"", "weight", "bias"};
        for (int i = 1; i < in.length; i++) {
            if (!Arrays.equals(in[i].shape(), over)) {
                throw TorchError.runtime("Expected " + names[i] + " to be of same shape as normalized_shape, but got "
                        + names[i] + " of shape " + Arrays.toString(in[i].shape()) + " and normalized_shape = "
                        + Arrays.toString(over));
            }
        }
        if (missing < 0 || !Arrays.equals(Arrays.copyOfRange(shape, missing, shape.length), over)) {
            StringBuilder wanted = new StringBuilder("[*");
            for (int extent : over) {
                wanted.append(", ").append(extent);
            }
            throw TorchError.runtime("Given normalized_shape=" + Arrays.toString(over)
                    + ", expected input with shape " + wanted + "], but got input of size" + Arrays.toString(shape));
        }
        needFloat("LayerNormKernelImpl", in[0].dtype());
        return new Meta[] {in[0]};
    }

    private static Meta[] checkBatch(Attrs attrs, Meta[] in) {
        int[] shape = in[0].shape();
        if (shape.length < 2) {
            throw TorchError.runtime("batch_norm expects an input of at least 2 dimensions, but got "
                    + Arrays.toString(shape));
        }
        if (attrs.flag("training") && Shapes.numel(shape) == shape[1]) {
            throw TorchError.value("Expected more than 1 value per channel when training, got input size torch.Size("
                    + Arrays.toString(shape) + ")");
        }
        String[] names = {"", "running_mean", "running_var", "weight", "bias"};
        for (int i = 1; i < in.length; i++) {
            if (Shapes.numel(in[i].shape()) != shape[1]) {
                throw TorchError.runtime(names[i] + " should contain " + shape[1] + " elements not "
                        + Shapes.numel(in[i].shape()));
            }
        }
        needFloat("batch_norm", in[0].dtype());
        return new Meta[] {in[0]};
    }

    private static void needFloat(String kernel, DType type) {
        if (!type.isFloat()) {
            throw TorchError.notImplemented(kernel, type);
        }
    }

    private static Sample layer(int... x) {
        int[] over = {x[x.length - 1]};
        return Sample.of(Attrs.of("normalized_shape", over), Samples.data(x), Samples.uniform(5, -2, 2, over),
                Samples.uniform(6, -2, 2, over));
    }

    private static Sample batch(boolean training, int... x) {
        return Sample.of(Attrs.of("training", training), Samples.data(x), Samples.uniform(4, -1, 1, x[1]),
                Samples.uniform(5, 0.5, 2, x[1]), Samples.uniform(6, -2, 2, x[1]), Samples.uniform(7, -2, 2, x[1]))
                .constant(1, 2);
    }
}
