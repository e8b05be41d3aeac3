package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import java.util.Arrays;
import java.util.List;

/** An op that writes into its first input and gives it back, such as {@code add_}: a box of a document. */
public final class InPlaceOp implements NodeType {
    private static final List<InPlaceOp> ALL = List.of(
            of(Pointwise.ADD), of(Pointwise.SUB), of(Pointwise.MUL), of(Pointwise.DIV), of(Pointwise.POW),
            of(Pointwise.NEG), of(Pointwise.ABS), of(Pointwise.CLAMP), of(Pointwise.EXP), of(Pointwise.LOG),
            of(Pointwise.SQRT), of(Pointwise.SIN), of(Pointwise.COS), of(Pointwise.TANH), of(Pointwise.SIGMOID),
            of(Pointwise.RELU),
            new InPlaceOp("zero_", null, List.of("input"), List.of(), "0"),
            new InPlaceOp("fill_", null, List.of("input"), List.of(new AttrSpec("value", AttrSpec.Kind.NUMBER, 0.0)),
                    "x ← a"),
            new InPlaceOp("copy_", null, List.of("input", "src"), List.of(), "x ← y"));

    private final String type;
    /** The op whose result is written; null where the numbers are simply replaced. */
    private final Op op;
    private final List<String> inputs;
    private final List<AttrSpec> attrs;
    private final String symbol;

    private InPlaceOp(String type, Op op, List<String> inputs, List<AttrSpec> attrs, String symbol) {
        this.type = type;
        this.op = op;
        this.inputs = inputs;
        this.attrs = attrs;
        this.symbol = symbol;
    }

    private static InPlaceOp of(Op op) {
        return new InPlaceOp(op.type() + "_", op, op.inputs(), op.attrs(), op.symbol() + "_");
    }

    /** Every one that a document may have. */
    public static List<InPlaceOp> all() {
        return ALL;
    }

    /** The op that gives the same numbers in new memory, or null where that would be no op. */
    public Op outOfPlace() {
        return op;
    }

    @Override
    public int[] writes(Attrs given) {
        return new int[] {0};
    }

    @Override
    public Tensor[] apply(Attrs given, Tensor... in) {
        return new Tensor[] {switch (type) {
            case "zero_" -> in[0].zero_();
            case "fill_" -> in[0].fill_(given.number("value", 0));
            case "copy_" -> in[0].copy_(in[1]);
            default -> InPlace.apply(op, given, in[0], Arrays.copyOfRange(in, 1, in.length));
        }};
    }

    @Override
    public Meta[] infer(Attrs given, Meta... in) {
        if (op != null) {
            Meta result = op.infer(given, in)[0];
            if (result.shape() != null && in[0].shape() != null) {
                InPlace.checkShape(result.shape(), in[0].shape());
            }
            InPlace.checkType(result.dtype(), in[0].dtype());
        } else if (type.equals("copy_") && in[0].shape() != null && in[1].shape() != null) {
            InPlace.checkShape(Shapes.broadcast(in[0].shape(), in[1].shape()), in[0].shape());
        }
        return new Meta[] {in[0]};
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public String torch() {
        return "torch.Tensor." + type;
    }

    @Override
    public List<String> inputs() {
        return inputs;
    }

    @Override
    public List<String> outputs() {
        return List.of("out");
    }

    @Override
    public List<AttrSpec> attrs() {
        return attrs;
    }

    @Override
    public Group group() {
        return Group.AUTOGRAD;
    }

    @Override
    public String symbol() {
        return symbol;
    }
}
