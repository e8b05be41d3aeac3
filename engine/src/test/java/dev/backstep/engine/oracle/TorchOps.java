package dev.backstep.engine.oracle;

import dev.backstep.engine.backend.Attrs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Slice;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorIndex;
import org.bytedeco.pytorch.TensorIndexVector;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptionalList;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The LibTorch function that Python calls for each op type. */
final class TorchOps {
    /** A call with the attributes and inputs that our op got. */
    interface Call {
        Tensor[] run(Attrs attrs, Tensor[] in);
    }

    private interface One {
        Tensor run(Attrs attrs, Tensor x);
    }

    private static final Map<String, Call> TABLE = new HashMap<>();

    static {
        // Arithmetic
        binary("add", torch::add);
        binary("sub", torch::sub);
        one("rsub", (a, x) -> torch.rsub(x, number(a, "other")));
        binary("mul", torch::mul);
        binary("div", torch::div);
        unary("neg", torch::neg);
        one("pow", (a, x) -> torch.pow(x, number(a, "exponent")));
        binary("pow_tensor", torch::pow);
        one("pow_number", (a, x) -> torch.pow(number(a, "input"), x));
        unary("reciprocal", torch::reciprocal);
        unary("square", torch::square);
        unary("abs", torch::abs);
        unary("sign", torch::sign);
        unary("floor", torch::floor);
        unary("round", torch::round);
        binary("maximum", torch::maximum);
        binary("minimum", torch::minimum);
        one("clamp", (a, x) -> torch.clamp(x, optional(a, "min"), optional(a, "max")));
        // Functions
        unary("exp", torch::exp);
        unary("expm1", torch::expm1);
        unary("log", torch::log);
        unary("log1p", torch::log1p);
        unary("sqrt", torch::sqrt);
        unary("rsqrt", torch::rsqrt);
        unary("sin", torch::sin);
        unary("cos", torch::cos);
        unary("tan", torch::tan);
        unary("erf", torch::erf);
        // Activations
        unary("tanh", torch::tanh);
        unary("sigmoid", torch::sigmoid);
        unary("relu", torch::relu);
        one("leaky_relu", (a, x) -> torch.leaky_relu(x, number(a, "negative_slope")));
        one("elu", (a, x) -> torch.elu(x, number(a, "alpha"), new Scalar(1L), new Scalar(1L)));
        unary("gelu", torch::gelu);
        unary("silu", torch::silu);
        one("softplus", (a, x) -> torch.softplus(x, number(a, "beta"), number(a, "threshold")));
        // Comparisons and choice
        binary("eq", torch::eq);
        binary("ne", torch::ne);
        binary("lt", torch::lt);
        binary("le", torch::le);
        binary("gt", torch::gt);
        binary("ge", torch::ge);
        binary("logical_and", torch::logical_and);
        binary("logical_or", torch::logical_or);
        unary("logical_not", torch::logical_not);
        op("where", (_, in) -> only(torch.where(in[0], in[1], in[2])));
        // Reductions
        one("sum", (a, x) -> a.has("dim") ? torch.sum(x, longs(a, "dim"), a.flag("keepdim"), noType()) : torch.sum(x));
        one("mean", (a, x) -> a.has("dim") ? torch.mean(x, longs(a, "dim"), a.flag("keepdim"), noType())
                : torch.mean(x));
        one("prod", (a, x) -> a.has("dim") ? torch.prod(x, a.integer("dim"), a.flag("keepdim"), noType())
                : torch.prod(x));
        one("var", (a, x) -> a.has("dim")
                ? torch.var(x, longs(a, "dim"), optional(a, "correction"), a.flag("keepdim"))
                : torch.var(x, new LongArrayRefOptional(), optional(a, "correction"), a.flag("keepdim")));
        one("std", (a, x) -> a.has("dim")
                ? torch.std(x, longs(a, "dim"), optional(a, "correction"), a.flag("keepdim"))
                : torch.std(x, new LongArrayRefOptional(), optional(a, "correction"), a.flag("keepdim")));
        one("norm", (a, x) -> a.has("dim")
                ? torch.linalg_vector_norm(x, number(a, "p"), longs(a, "dim"), a.flag("keepdim"), noType())
                : torch.linalg_vector_norm(x, number(a, "p"), new LongArrayRefOptional(), a.flag("keepdim"), noType()));
        one("any", (a, x) -> a.has("dim") ? torch.any(x, longs(a, "dim"), a.flag("keepdim")) : torch.any(x));
        one("all", (a, x) -> a.has("dim") ? torch.all(x, longs(a, "dim"), a.flag("keepdim")) : torch.all(x));
        one("cumsum", (a, x) -> torch.cumsum(x, a.integer("dim")));
        unary("max", torch::max);
        unary("min", torch::min);
        op("max_dim", (a, in) -> both(torch.max(in[0], a.integer("dim"), a.flag("keepdim"))));
        op("min_dim", (a, in) -> both(torch.min(in[0], a.integer("dim"), a.flag("keepdim"))));
        one("amax", (a, x) -> torch.amax(x, a.has("dim") ? longs(a, "dim") : new long[0], a.flag("keepdim")));
        one("amin", (a, x) -> torch.amin(x, a.has("dim") ? longs(a, "dim") : new long[0], a.flag("keepdim")));
        one("argmax", (a, x) -> torch.argmax(x, whole(a, "dim"), a.flag("keepdim")));
        one("argmin", (a, x) -> torch.argmin(x, whole(a, "dim"), a.flag("keepdim")));
        one("softmax", (a, x) -> torch.softmax(x, a.integer("dim")));
        one("log_softmax", (a, x) -> torch.log_softmax(x, a.integer("dim")));
        one("logsumexp", (a, x) -> torch.logsumexp(x, longs(a, "dim"), a.flag("keepdim")));
        // Linear algebra
        binary("mv", torch::mv);
        binary("dot", torch::dot);
        binary("outer", torch::outer);
        binary("bmm", torch::bmm);
        op("addmm", (a, in) -> only(torch.addmm(in[0], in[1], in[2], number(a, "beta"), number(a, "alpha"))));
        binary("mm", torch::mm);
        binary("matmul", torch::matmul);
        // Shapes
        unary("clone", Tensor::clone);
        one("to", (a, x) -> x.to(Torch.type(a.dtype("dtype"))));
        one("expand", (a, x) -> x.expand(longs(a, "size")));
        one("view", (a, x) -> x.view(longs(a, "size")));
        one("reshape", (a, x) -> x.reshape(longs(a, "shape")));
        one("transpose", (a, x) -> torch.transpose(x, a.integer("dim0"), a.integer("dim1")));
        unary("t", torch::t);
        one("permute", (a, x) -> x.permute(longs(a, "dims")));
        one("unsqueeze", (a, x) -> torch.unsqueeze(x, a.integer("dim")));
        one("squeeze", (a, x) -> a.has("dim") ? torch.squeeze(x, a.integer("dim")) : torch.squeeze(x));
        one("flatten", (a, x) -> torch.flatten(x, a.integer("start_dim"), a.integer("end_dim")));
        one("flip", (a, x) -> torch.flip(x, longs(a, "dims")));
        unary("numpy_T", Tensor::numpy_T);
        op("cat", (a, in) -> only(torch.cat(new TensorVector(in), a.integer("dim"))));
        op("stack", (a, in) -> only(torch.stack(new TensorVector(in), a.integer("dim"))));
        op("split", (a, in) -> all(a.get("split_size_or_sections") instanceof List
                ? torch.split(in[0], longs(a, "split_size_or_sections"), a.integer("dim"))
                : torch.split(in[0], a.integer("split_size_or_sections"), a.integer("dim"))));
        op("chunk", (a, in) -> all(torch.chunk(in[0], a.integer("chunks"), a.integer("dim"))));
        // Indexing
        op("index", (a, in) -> only(in[0].index(brackets(a, in))));
        op("index_put", (a, in) -> {
            Tensor[] named = Arrays.copyOfRange(in, 1, in.length);
            return only(torch.index_put(in[0], indices(a, named), in[1]));
        });
        op("gather", (a, in) -> only(torch.gather(in[0], a.integer("dim"), in[1])));
        one("select", (a, x) -> torch.select(x, a.integer("dim"), a.integer("index")));
        one("select_backward", (a, x) -> torch.select_backward(x, longs(a, "size"), a.integer("dim"),
                a.integer("index")));
        one("slice", (a, x) -> torch.slice(x, a.integer("dim"), whole(a, "start"), whole(a, "end"),
                a.integer("step")));
        one("slice_backward", (a, x) -> torch.slice_backward(x, longs(a, "size"), a.integer("dim"),
                a.integer("start"), a.integer("end"), a.integer("step")));
        // Layers
        op("linear", (_, in) -> only(torch.linear(in[0], in[1], maybe(in, 2))));
        op("embedding", (a, in) -> {
            // Python's front end counts a negative padding_idx from the end.
            long padding = a.has("padding_idx") ? a.integer("padding_idx") : -1;
            return only(torch.embedding(in[1], in[0], a.has("padding_idx") && padding < 0 ? padding + in[1].size(0)
                    : padding, false, false));
        });
        one("dropout", (a, x) -> {
            torch.manual_seed(a.integer("seed"));
            return torch.dropout(x, a.number("p"), a.flag("training"));
        });
        op("layer_norm", (a, in) -> only(torch.layer_norm(in[0], longs(a, "normalized_shape"), maybe(in, 1),
                maybe(in, 2), a.number("eps"), false)));
        op("batch_norm", (a, in) -> only(torch.batch_norm(in[0], maybe(in, 3), maybe(in, 4),
                maybe(in, 1), maybe(in, 2), a.flag("training"), a.number("momentum"), a.number("eps"), false)));
        op("conv2d", (a, in) -> only(torch.conv2d(in[0], in[1], maybe(in, 2), pair(a, "stride"), pair(a, "padding"),
                pair(a, "dilation"), a.integer("groups"))));
        one("max_pool2d", (a, x) -> torch.max_pool2d(x, pair(a, "kernel_size"),
                a.has("stride") ? pair(a, "stride") : new long[0], pair(a, "padding"), pair(a, "dilation"),
                a.flag("ceil_mode")));
        one("unfold", (a, x) -> torch.im2col(x, pair(a, "kernel_size"), pair(a, "dilation"), pair(a, "padding"),
                pair(a, "stride")));
        one("fold", (a, x) -> torch.col2im(x, pair(a, "output_size"), pair(a, "kernel_size"), pair(a, "dilation"),
                pair(a, "padding"), pair(a, "stride")));
        // Losses: Python's front end makes the shapes equal before these two.
        op("mse_loss", (a, in) -> {
            Tensor[] wide = all(torch.broadcast_tensors(new TensorVector(in)));
            return only(torch.mse_loss(wide[0], wide[1], reduction(a)));
        });
        op("l1_loss", (a, in) -> {
            Tensor[] wide = all(torch.broadcast_tensors(new TensorVector(in)));
            return only(torch.l1_loss(wide[0], wide[1], reduction(a)));
        });
        op("binary_cross_entropy", (a, in) -> only(torch.binary_cross_entropy(in[0], in[1], maybe(in, 2),
                reduction(a))));
        op("binary_cross_entropy_with_logits", (a, in) -> only(torch.binary_cross_entropy_with_logits(in[0], in[1],
                maybe(in, 3), maybe(in, 2), reduction(a))));
        op("nll_loss", (a, in) -> only(torch.nll_loss_nd(in[0], in[1], maybe(in, 2), reduction(a),
                a.integer("ignore_index"))));
        op("cross_entropy", (a, in) -> only(torch.cross_entropy_loss(in[0], in[1], maybe(in, 2), reduction(a),
                a.integer("ignore_index"), a.number("label_smoothing"))));
    }

    private TorchOps() {
    }

    /** The call for that op type, or null. */
    static Call find(String type) {
        return TABLE.get(type);
    }

    private static void op(String type, Call call) {
        TABLE.put(type, call);
    }

    private static void one(String type, One call) {
        op(type, (attrs, in) -> only(call.run(attrs, in[0])));
    }

    private static void unary(String type, UnaryOperator<Tensor> call) {
        op(type, (_, in) -> only(call.apply(in[0])));
    }

    private static void binary(String type, BinaryOperator<Tensor> call) {
        op(type, (_, in) -> only(call.apply(in[0], in[1])));
    }

    private static Tensor[] only(Tensor tensor) {
        return new Tensor[] {tensor};
    }

    private static Tensor[] both(T_TensorTensor_T pair) {
        return new Tensor[] {pair.get0(), pair.get1()};
    }

    private static Tensor[] all(TensorVector tensors) {
        Tensor[] all = new Tensor[(int) tensors.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = tensors.get(i);
        }
        return all;
    }

    /** The index tensors behind the first, each at its dimension, none between them. */
    static TensorOptionalList indices(Attrs attrs, Tensor[] in) {
        TensorOptionalList list = new TensorOptionalList();
        int next = 0;
        for (int i = 1; i < in.length; i++) {
            int dim = attrs.has("dims") ? attrs.ints("dims")[i - 1] : next;
            for (; next < dim; next++) {
                list.push_back(new TensorOptional());
            }
            list.push_back(new TensorOptional(in[i]));
            next += in[i].scalar_type().intern() == torch.ScalarType.Bool ? (int) in[i].dim() : 1;
        }
        return list;
    }

    /** The index tensors as what stands in brackets, a colon for each dimension between them. */
    static TensorIndexVector brackets(Attrs attrs, Tensor[] in) {
        List<TensorIndex> list = new ArrayList<>();
        int next = 0;
        for (int i = 1; i < in.length; i++) {
            int dim = attrs.has("dims") ? attrs.ints("dims")[i - 1] : next;
            for (; next < dim; next++) {
                list.add(new TensorIndex(new Slice()));
            }
            list.add(new TensorIndex(in[i]));
            next += in[i].scalar_type().intern() == torch.ScalarType.Bool ? (int) in[i].dim() : 1;
        }
        return new TensorIndexVector(list.toArray(TensorIndex[]::new));
    }

    private static TensorOptional maybe(Tensor[] in, int i) {
        return i < in.length ? new TensorOptional(in[i]) : new TensorOptional();
    }

    private static long[] pair(Attrs attrs, String name) {
        long[] given = longs(attrs, name);
        return given.length == 1 ? new long[] {given[0], given[0]} : given;
    }

    private static long reduction(Attrs attrs) {
        return List.of("none", "mean", "sum").indexOf(attrs.text("reduction"));
    }

    private static Scalar number(Attrs attrs, String name) {
        return Torch.scalar((Number) attrs.get(name));
    }

    private static ScalarOptional optional(Attrs attrs, String name) {
        return attrs.has(name) ? new ScalarOptional(number(attrs, name)) : new ScalarOptional();
    }

    private static LongOptional whole(Attrs attrs, String name) {
        return attrs.has(name) ? new LongOptional(attrs.integer(name)) : new LongOptional();
    }

    private static long[] longs(Attrs attrs, String name) {
        return Torch.longs(attrs.ints(name));
    }

    private static ScalarTypeOptional noType() {
        return new ScalarTypeOptional();
    }
}
