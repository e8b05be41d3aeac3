package dev.backstep.engine.tensor;

import static dev.backstep.engine.expr.Expr.ONE;
import static dev.backstep.engine.expr.Expr.ZERO;
import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.call;
import static dev.backstep.engine.expr.Expr.param;
import static dev.backstep.engine.expr.Expr.select;
import static dev.backstep.engine.tensor.OpBuilder.op;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import java.util.List;

/**
 * Ops that are one formula of the elements. In scope for the derivatives: the inputs {@code x} (or {@code a, b, c}),
 * the output {@code y} ({@code z} where there are two inputs), and the incoming gradient {@code g}. They are written
 * as PyTorch's derivatives.yaml has them, so that the graph of a derivative has the same nodes.
 */
final class Pointwise {
    // Names of the arguments: unary ops have x, y, g; binary ones a, b, z, h.
    private static final Expr X = arg(0);
    private static final Expr Y = arg(1);
    private static final Expr G = arg(2);
    private static final Expr A = arg(0);
    private static final Expr B = arg(1);
    private static final Expr Z = arg(2);
    private static final Expr H = arg(3);
    private static final Expr TWO = Expr.of(2);
    private static final Expr HALF = Expr.of(0.5);
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);
    private static final AttrSpec.Kind NUMBER = AttrSpec.Kind.NUMBER;

    // Arithmetic

    static final Op ADD = binary("add", A.plus(B)).palette(Group.ARITHMETIC, "+").vjp(H, H).samples(Samples::pairs)
            .build();
    static final Op SUB = binary("sub", A.minus(B)).types(PointwiseTypes::sub).palette(Group.ARITHMETIC, "−")
            .vjp(H, H.neg())
            .samples(Samples::pairs).build();
    /** {@code other - x} where {@code other} is a number of the program. */
    static final Op RSUB = unary("rsub", param("other").minus(X)).types(PointwiseTypes::rsub).stepwise().gradFn("RsubBackward1")
            .attr("other", NUMBER, 1L).vjp(G.neg())
            .samples(() -> Samples.with(Samples.reals(), Attrs.of("other", 1.5))).build();
    static final Op MUL = binary("mul", A.times(B)).palette(Group.ARITHMETIC, "×").vjp(H.times(B), H.times(A))
            .samples(Samples::pairs).build();
    static final Op DIV = op("div", "input", "other").elementwise(A.over(B), Op.Result.FLOAT)
            .palette(Group.ARITHMETIC, "÷").vjp(H.over(B), H.neg().times(A.over(B).over(B)))
            .samples(Samples::quotients).build();
    static final Op NEG = unary("neg", X.neg()).types(PointwiseTypes::neg).palette(Group.ARITHMETIC, "−x").vjp(G.neg())
            .samples(Samples::reals).build();
    static final Op POW = unary("pow", X.pow(param("exponent"))).types(PointwiseTypes::pow).attr("exponent", NUMBER, 2L)
            .palette(Group.ARITHMETIC, "xⁿ")
            .vjp(select(call(Fn.EQ, param("exponent"), ZERO), ZERO,
                    G.times(param("exponent").times(X.pow(param("exponent").minus(ONE))))))
            .samples(Samples::powers).build();
    static final Op POW_TENSOR = op("pow_tensor", "input", "exponent").elementwise(A.pow(B), Op.Result.SAME)
            .types(PointwiseTypes::pow).shapesFirst().torch("torch.pow").gradFn("PowBackward1").palette(Group.ARITHMETIC, "xʸ")
            .vjp(select(call(Fn.EQ, B, ZERO), ZERO, H.times(B.times(A.pow(B.minus(ONE))))),
                    H.times(select(call(Fn.AND, call(Fn.EQ, A, ZERO), call(Fn.GE, B, ZERO)), ZERO,
                            Z.times(A.log()))))
            .samples(Samples::positivePairs).build();
    /** {@code input ** x} where {@code input} is a number of the program. */
    static final Op POW_NUMBER = op("pow_number", "exponent").elementwise(param("input").pow(X), Op.Result.SAME).stepwise()
            .torch("torch.pow").gradFn("PowBackward2").attr("input", NUMBER, 2L)
            .vjp(G.times(select(call(Fn.AND, call(Fn.EQ, param("input"), ZERO), call(Fn.GE, X, ZERO)), ZERO,
                    Y.times(param("input").log()))))
            .samples(() -> Samples.with(Samples.reals(), Attrs.of("input", 2.5))).build();
    static final Op RECIPROCAL = function("reciprocal", ONE.over(X)).palette(Group.ARITHMETIC, "1/x")
            .vjp(G.neg().times(Y.times(Y))).samples(Samples::nonZero).build();
    static final Op SQUARE = unary("square", X.times(X)).types(PointwiseTypes::whole).gradFn("PowBackward0").palette(Group.ARITHMETIC, "x²")
            .vjp(G.times(TWO.times(X))).samples(Samples::reals).build();
    static final Op ABS = unary("abs", call(Fn.ABS, X)).types(PointwiseTypes.noTruths("abs_cpu")).palette(Group.ARITHMETIC, "|x|")
            .vjp(G.times(call(Fn.SIGN, X))).samples(Samples::nonZero).build();
    static final Op SIGN = unary("sign", call(Fn.SIGN, X)).palette(Group.ARITHMETIC, "sgn").vjp(ZERO)
            .samples(Samples::nonZero).build();
    static final Op FLOOR = unary("floor", call(Fn.FLOOR, X)).types(PointwiseTypes.noTruths("floor_vml_cpu")).palette(Group.ARITHMETIC, "⌊x⌋").vjp(ZERO)
            .samples(Samples::fractions).build();
    static final Op ROUND = unary("round", call(Fn.ROUND, X)).types(PointwiseTypes.noTruths("round_vml_cpu")).palette(Group.ARITHMETIC, "≈").vjp(ZERO)
            .samples(Samples::fractions).build();
    static final Op MAXIMUM = binary("maximum", call(Fn.MAX, A, B)).palette(Group.ARITHMETIC, "max(a,b)")
            .vjp(tie(Fn.GT), tie(Fn.LT)).samples(Samples::apart).build();
    static final Op MINIMUM = binary("minimum", call(Fn.MIN, A, B)).palette(Group.ARITHMETIC, "min(a,b)")
            .vjp(tie(Fn.LT), tie(Fn.GT)).samples(Samples::apart).build();
    static final Op CLAMP = unary("clamp", call(Fn.MIN, call(Fn.MAX, X, param("min")), param("max")))
            .gradFn("ClampBackward1").attr("min", NUMBER, Double.NEGATIVE_INFINITY)
            .attr("max", NUMBER, Double.POSITIVE_INFINITY).palette(Group.ARITHMETIC, "clamp")
            .vjp(select(call(Fn.AND, call(Fn.GE, X, param("min")), call(Fn.LE, X, param("max"))), G, ZERO))
            .samples(Samples::clamps).build();

    // Functions

    static final Op EXP = function("exp", X.exp()).palette(Group.FUNCTION, "eˣ").vjp(G.times(Y))
            .samples(Samples::reals).build();
    static final Op LOG = function("log", X.log()).palette(Group.FUNCTION, "ln").vjp(G.over(X))
            .samples(Samples::positive).build();
    static final Op LOG1P = function("log1p", call(Fn.LOG1P, X)).gradFn("Log1PBackward0")
            .palette(Group.FUNCTION, "ln(1+x)").vjp(G.over(X.plus(ONE))).samples(Samples::positive).build();
    static final Op SQRT = function("sqrt", X.sqrt()).palette(Group.FUNCTION, "√").vjp(G.over(TWO.times(Y)))
            .samples(Samples::positive).build();
    static final Op RSQRT = function("rsqrt", call(Fn.RSQRT, X)).palette(Group.FUNCTION, "1/√")
            .vjp(Expr.of(-0.5).times(G).times(Y.pow(Expr.of(3)))).samples(Samples::positive).build();
    static final Op SIN = function("sin", call(Fn.SIN, X)).palette(Group.FUNCTION, "sin")
            .vjp(G.times(call(Fn.COS, X))).samples(Samples::reals).build();
    static final Op COS = function("cos", call(Fn.COS, X)).palette(Group.FUNCTION, "cos")
            .vjp(G.times(call(Fn.SIN, X).neg())).samples(Samples::reals).build();
    static final Op TAN = function("tan", call(Fn.TAN, X)).palette(Group.FUNCTION, "tan")
            .vjp(G.times(ONE.plus(Y.pow(TWO)))).samples(Samples::small).build();
    static final Op ERF = function("erf", call(Fn.ERF, X)).palette(Group.FUNCTION, "erf")
            .vjp(Expr.of(2 / Math.sqrt(Math.PI)).times(X.pow(TWO).neg().exp()).times(G)).samples(Samples::reals)
            .build();

    // Activations

    static final Op TANH = function("tanh", call(Fn.TANH, X)).palette(Group.ACTIVATION, "tanh")
            .fusedVjp("tanh_backward", G.times(ONE.minus(Y.times(Y)))).samples(Samples::reals).build();
    static final Op SIGMOID = function("sigmoid", call(Fn.SIGMOID, X)).palette(Group.ACTIVATION, "σ")
            .fusedVjp("sigmoid_backward", G.times(ONE.minus(Y).times(Y))).samples(Samples::reals).build();
    static final Op RELU = unary("relu", call(Fn.MAX, X, ZERO)).types(PointwiseTypes::relu).palette(Group.ACTIVATION, "ReLU")
            .fusedVjp("threshold_backward", select(call(Fn.LE, Y, ZERO), ZERO, G)).samples(Samples::nonZero).build();
    static final Op LEAKY_RELU = function("leaky_relu", select(X.gt(ZERO), X, X.times(param("negative_slope"))))
            .types(PointwiseTypes.floats("leaky_relu_cpu")).torch("torch.nn.functional.leaky_relu").attr("negative_slope", NUMBER, 0.01)
            .palette(Group.ACTIVATION, "LReLU")
            .fusedVjp("leaky_relu_backward", select(X.gt(ZERO), G, G.times(param("negative_slope"))))
            .samples(() -> Samples.with(Samples.nonZero(), Attrs.of("negative_slope", 0.1))).build();
    static final Op ELU = function("elu", select(X.gt(ZERO), X, param("alpha").times(call(Fn.EXPM1, X))))
            .types(PointwiseTypes.floats("elu_cpu")).torch("torch.nn.functional.elu").attr("alpha", NUMBER, 1.0).palette(Group.ACTIVATION, "ELU")
            .fusedVjp("elu_backward", G.times(select(X.gt(ZERO), ONE, param("alpha").times(X.exp()))))
            .samples(() -> Samples.with(Samples.nonZero(), Attrs.of("alpha", 1.5))).build();
    static final Op GELU = function("gelu", X.times(HALF.times(ONE.plus(call(Fn.ERF, X.times(SQRT_HALF))))))
            .types(PointwiseTypes.floats("GeluKernelImpl")).torch("torch.nn.functional.gelu").palette(Group.ACTIVATION, "GELU")
            .fusedVjp("gelu_backward", G.times(HALF.times(ONE.plus(call(Fn.ERF, X.times(SQRT_HALF))))
                    .plus(X.times(X.times(X).times(-0.5).exp().times(DENSITY)))))
            .samples(Samples::reals).build();
    static final Op SILU = function("silu", X.over(ONE.plus(X.neg().exp())))
            .types(PointwiseTypes.floats("silu_cpu")).torch("torch.nn.functional.silu").palette(Group.ACTIVATION, "SiLU")
            .fusedVjp("silu_backward", G.times(call(Fn.SIGMOID, X)
                    .times(ONE.plus(X.times(ONE.minus(call(Fn.SIGMOID, X)))))))
            .samples(Samples::reals).build();
    static final Op SOFTPLUS = function("softplus", select(X.times(param("beta")).gt(param("threshold")), X,
            call(Fn.LOG1P, X.times(param("beta")).exp()).over(param("beta"))))
            .types(PointwiseTypes.floats("softplus_cpu")).torch("torch.nn.functional.softplus").attr("beta", NUMBER, 1.0).attr("threshold", NUMBER, 20.0)
            .palette(Group.ACTIVATION, "softplus")
            .fusedVjp("softplus_backward", G.times(select(X.times(param("beta")).gt(param("threshold")), ONE,
                    call(Fn.SIGMOID, X.times(param("beta"))))))
            .samples(() -> Samples.with(Samples.reals(), Attrs.of("beta", 1.5, "threshold", 20.0))).build();

    // Comparisons and choice

    static final Op EQ = compare("eq", Fn.EQ, "=");
    static final Op NE = compare("ne", Fn.NE, "≠");
    static final Op LT = compare("lt", Fn.LT, "<");
    static final Op LE = compare("le", Fn.LE, "≤");
    static final Op GT = compare("gt", Fn.GT, ">");
    static final Op GE = compare("ge", Fn.GE, "≥");
    static final Op LOGICAL_AND = compare("logical_and", Fn.AND, "∧");
    static final Op LOGICAL_OR = compare("logical_or", Fn.OR, "∨");
    static final Op LOGICAL_NOT = op("logical_not", "input").elementwise(call(Fn.NOT, X), Op.Result.BOOL)
            .palette(Group.COMPARE, "¬").samples(Samples::fractions).build();
    static final Op WHERE = op("where", "condition", "input", "other")
            .elementwise(select(arg(0), arg(1), arg(2)), Op.Result.SAME).condition().palette(Group.COMPARE, "? :")
            .vjp(null, select(arg(0), arg(4), ZERO), select(arg(0), ZERO, arg(4)))
            .samples(Samples::choices).build();
    private static final Op EXPM1 = function("expm1", call(Fn.EXPM1, X)).vjp(G.times(Y.plus(ONE)))
            .samples(Samples::reals).build();

    static final List<Op> ALL = List.of(ADD, SUB, RSUB, MUL, DIV, NEG, POW, POW_TENSOR, POW_NUMBER, RECIPROCAL, SQUARE, ABS,
            SIGN, FLOOR, ROUND, MAXIMUM, MINIMUM, CLAMP, EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, SIN, COS, TAN, ERF, TANH, SIGMOID,
            RELU, LEAKY_RELU, ELU, GELU, SILU, SOFTPLUS, EQ, NE, LT, LE, GT, GE, LOGICAL_AND, LOGICAL_OR, LOGICAL_NOT,
            WHERE);

    private Pointwise() {
    }

    /** The op that is that function and nothing else. */
    static Op of(Fn fn) {
        return switch (fn) {
            case NEG -> NEG;
            case ABS -> ABS;
            case SIGN -> SIGN;
            case FLOOR -> FLOOR;
            case ROUND -> ROUND;
            case NOT -> LOGICAL_NOT;
            case EXP -> EXP;
            case EXPM1 -> EXPM1;
            case LOG -> LOG;
            case LOG1P -> LOG1P;
            case SQRT -> SQRT;
            case RSQRT -> RSQRT;
            case SIN -> SIN;
            case COS -> COS;
            case TAN -> TAN;
            case TANH -> TANH;
            case SIGMOID -> SIGMOID;
            case ERF -> ERF;
            case ADD -> ADD;
            case SUB -> SUB;
            case MUL -> MUL;
            case DIV -> DIV;
            case POW -> POW_TENSOR;
            case MIN -> MINIMUM;
            case MAX -> MAXIMUM;
            case EQ -> EQ;
            case NE -> NE;
            case LT -> LT;
            case LE -> LE;
            case GT -> GT;
            case GE -> GE;
            case AND -> LOGICAL_AND;
            case OR -> LOGICAL_OR;
            case SELECT -> WHERE;
        };
    }

    /** Keeps the type of its input. */
    private static OpBuilder unary(String name, Expr formula) {
        return op(name, "input").elementwise(formula, Op.Result.SAME);
    }

    /** Gives float32 for integers. */
    private static OpBuilder function(String name, Expr formula) {
        return op(name, "input").elementwise(formula, Op.Result.FLOAT);
    }

    private static OpBuilder binary(String name, Expr formula) {
        return op(name, "input", "other").elementwise(formula, Op.Result.SAME);
    }

    private static Op compare(String name, Fn fn, String sign) {
        return op(name, "input", "other").elementwise(call(fn, A, B), Op.Result.BOOL).palette(Group.COMPARE, sign)
                .samples(Samples::comparisons).build();
    }

    /** The gradient where the input wins, half of it where the two are equal. */
    private static Expr tie(Fn wins) {
        return select(call(Fn.EQ, A, B), H.times(HALF), select(call(wins, A, B), H, ZERO));
    }
}
