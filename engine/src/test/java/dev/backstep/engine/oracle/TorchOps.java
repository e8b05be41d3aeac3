package dev.backstep.engine.oracle;

import dev.backstep.engine.backend.Attrs;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
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
        binary("mul", torch::mul);
        binary("div", torch::div);
        unary("neg", torch::neg);
        one("pow", (a, x) -> torch.pow(x, number(a, "exponent")));
        binary("pow_tensor", torch::pow);
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
        // Linear algebra
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
        one("select", (a, x) -> torch.select(x, a.integer("dim"), a.integer("index")));
        one("select_backward", (a, x) -> torch.select_backward(x, longs(a, "size"), a.integer("dim"),
                a.integer("index")));
        one("slice", (a, x) -> torch.slice(x, a.integer("dim"), whole(a, "start"), whole(a, "end"),
                a.integer("step")));
        one("slice_backward", (a, x) -> torch.slice_backward(x, longs(a, "size"), a.integer("dim"),
                a.integer("start"), a.integer("end"), a.integer("step")));
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
