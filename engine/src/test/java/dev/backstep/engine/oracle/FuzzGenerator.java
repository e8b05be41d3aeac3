package dev.backstep.engine.oracle;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.suite.fuzz.FuzzStatement;
import dev.backstep.engine.suite.fuzz.FuzzStatement.Kind;
import dev.backstep.engine.tensor.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes random programs that mean something: each line is tried in LibTorch as the program grows, so that shapes mostly
 * fit and numbers stay tame. Some lines are left to be refused.
 */
final class FuzzGenerator {
    private static final double TAME = 100;
    private static final String[] UNARY = {"neg", "abs", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu",
        "leaky_relu", "elu", "softplus", "gelu", "silu", "square", "reciprocal", "sign", "floor", "clone", "log1p",
        "expm1", "erf", "pow", "clamp", "round", "rsqrt", "tan", "logical_not", "to"};
    private static final String[] BINARY = {"add", "sub", "mul", "div", "maximum", "minimum", "add", "mul", "gt", "eq",
        "lt", "le", "ge", "ne", "logical_and", "logical_or", "pow_tensor"};
    private static final String[] REDUCTION = {"sum", "mean", "sum", "mean", "amax", "amin", "norm", "var",
        "max", "min", "max_dim", "min_dim", "argmax", "prod", "std", "any", "all", "logsumexp", "cumsum", "softmax",
        "log_softmax"};
    private static final String[] MOVEMENT = {"reshape", "view", "transpose", "t", "permute", "unsqueeze", "squeeze",
        "expand", "flip", "flatten", "select", "slice", "split", "chunk", "numpy_T"};
    private static final String[] IN_PLACE = {"add_", "sub_", "mul_", "div_", "pow_", "relu_", "sigmoid_", "exp_",
        "clamp_", "zero_", "fill_", "copy_"};
    private static final int[][] SHAPES = {{}, {1}, {3}, {2, 3}, {3, 2}, {1, 3}, {2, 1}, {3, 3}, {2, 2, 3}, {4}};
    /** Of 1,024 elements and more, which devices take, and what broadcasts to them. */
    private static final int[][] LARGE = {{}, {1}, {33, 40}, {40, 33}, {1, 40}, {33, 1}, {40, 40}, {1100}, {3, 20, 18},
        {33, 40}, {40, 40}};

    private final Random random;
    private final boolean higher;
    private final DType type;
    private final boolean large;
    private final FuzzTorch machine = new FuzzTorch();
    private final List<FuzzStatement> program = new ArrayList<>();
    private int next;

    FuzzGenerator(long seed, FuzzProgram.Kind kind) {
        random = new Random(seed);
        higher = random.nextInt(3) == 0;
        boolean single = random.nextInt(3) == 0;
        type = single || kind != FuzzProgram.Kind.SMALL ? DType.FLOAT32 : DType.FLOAT64;
        large = kind == FuzzProgram.Kind.LARGE;
    }

    List<FuzzStatement> program() {
        int length = large ? 8 + random.nextInt(13) : 10 + random.nextInt(51);
        for (int i = 0; i < 2 + random.nextInt(2); i++) {
            take(leaf());
        }
        for (int tries = 0; program.size() < length && tries < 20 * length; tries++) {
            FuzzStatement line = line();
            if (line != null && random.nextInt(30) == 0) {
                line = line.in(random.nextInt(3) == 0);
            }
            if (line != null && machine.canRun(line)) {
                take(line);
            }
        }
        return program;
    }

    /** Adds the line where it runs and gives tame numbers, and sometimes where it is refused. */
    private void take(FuzzStatement line) {
        if (line.kind() == Kind.IN_PLACE && !tame(line)) {
            return;
        }
        String refusal = machine.run(line);
        boolean inPlace = line.kind() == Kind.IN_PLACE || line.kind() == Kind.BACKWARD;
        if (refusal != null && !inPlace && random.nextInt(4) > 0) {
            return;
        }
        boolean tame = line.out().stream().allMatch(i -> !machine.variables.containsKey(i)
                || isTame(machine.variables.get(i)));
        if (!tame && !inPlace) {
            line.out().forEach(machine.variables::remove);
            return;
        }
        program.add(line);
    }

    private boolean isTame(Tensor tensor) {
        return tensor.numel() <= (large ? 4096 : 64)
                && Arrays.stream(Torch.values(tensor)).allMatch(v -> Math.abs(v) <= TAME);
    }

    /** Whether an in-place line would leave tame numbers: a copy of the program's variables is written. */
    private boolean tame(FuzzStatement line) {
        FuzzTorch trial = new FuzzTorch();
        for (int i : line.in()) {
            if (i >= 0) {
                trial.variables.put(i, machine.variables.get(i).detach().clone());
            }
        }
        return trial.run(line) != null || isTame(trial.variables.get(line.in().get(0)));
    }

    private FuzzStatement line() {
        int dice = random.nextInt(100);
        if (dice < 7) {
            return leaf();
        } else if (dice < 24) {
            return unary();
        } else if (dice < 40) {
            return op(pick(BINARY), Attrs.NONE, 1, any(), any());
        } else if (dice < 46) {
            return new FuzzStatement(Kind.NUMBER, pick("add", "sub", "mul", "div"), Attrs.NONE,
                    new double[] {number()}, List.of(any()), List.of(next++), null);
        } else if (dice < 54) {
            return reduction();
        } else if (dice < 66) {
            return movement();
        } else if (dice < 72) {
            return several();
        } else if (dice < 80) {
            return inPlace();
        } else if (dice < 87) {
            return method();
        } else if (dice < 94) {
            return backward();
        }
        return grad();
    }

    private FuzzStatement op(String name, Attrs attrs, int outputs, Integer... in) {
        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            out.add(next++);
        }
        return new FuzzStatement(Kind.OP, name, OpOracleTest.complete(Ops.find(name), attrs), List.of(in), out);
    }

    private FuzzStatement leaf() {
        int[][] shapes = large ? LARGE : SHAPES;
        int[] shape = shapes[random.nextInt(shapes.length)];
        int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        DType dtype = switch (random.nextInt(20)) {
            case 0 -> DType.INT64;
            case 1 -> type == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32;
            default -> type;
        };
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = dtype == DType.INT64 ? random.nextInt(3) : number();
        }
        boolean required = dtype.isFloat() && random.nextInt(4) > 0;
        return new FuzzStatement(Kind.LEAF, "tensor", Attrs.of("dtype", dtype.shortName(), "shape", shape,
                "requires_grad", required), values, List.of(), List.of(next++), null);
    }

    private FuzzStatement unary() {
        String name = pick(UNARY);
        Attrs attrs = switch (name) {
            case "pow" -> Attrs.of("exponent", (Object) pick(2L, 3L, 2.0, 0.5, 1.0, 0.0, -1.0, 1.5));
            case "to" -> Attrs.of("dtype", pick("float32", "float64", "int64", "bool"));
            case "clamp" -> random.nextBoolean() ? Attrs.of("min", -0.5, "max", 1.0) : Attrs.of("min", 0.0);
            default -> Attrs.NONE;
        };
        return op(name, attrs, 1, any());
    }

    private FuzzStatement reduction() {
        int x = any();
        String name = pick(REDUCTION);
        boolean keepdim = random.nextBoolean();
        return switch (name) {
            case "max", "min" -> op(name, Attrs.NONE, 1, x);
            case "max_dim", "min_dim" -> op(name, Attrs.of("dim", dim(x), "keepdim", keepdim), 2, x);
            case "argmax", "prod" -> random.nextBoolean() ? op(name, Attrs.NONE, 1, x)
                    : op(name, Attrs.of("dim", dim(x), "keepdim", keepdim), 1, x);
            case "cumsum", "softmax", "log_softmax" -> op(name, Attrs.of("dim", dim(x)), 1, x);
            case "logsumexp" -> op(name, Attrs.of("dim", new int[] {dim(x)}, "keepdim", keepdim), 1, x);
            default -> random.nextBoolean() ? op(name, Attrs.NONE, 1, x)
                    : op(name, Attrs.of("dim", dims(x), "keepdim", keepdim), 1, x);
        };
    }

    /** One dimension, or two that may be the same. */
    private int[] dims(int x) {
        return random.nextInt(3) > 0 ? new int[] {dim(x)} : new int[] {dim(x), dim(x)};
    }

    private FuzzStatement movement() {
        int x = any();
        String name = pick(MOVEMENT);
        int[] shape = Torch.shape(machine.variables.get(x));
        int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return switch (name) {
            case "reshape", "view" -> {
                int[] size = switch (random.nextInt(4)) {
                    case 0 -> new int[] {count};
                    case 1 -> new int[] {1, count};
                    case 2 -> count % 2 == 0 ? new int[] {2, count / 2} : new int[] {count, 1};
                    default -> count % 3 == 0 ? new int[] {count / 3, 3} : shape;
                };
                yield op(name, Attrs.of(name.equals("view") ? "size" : "shape", size), 1, x);
            }
            case "transpose" -> op(name, Attrs.of("dim0", dim(x), "dim1", dim(x)), 1, x);
            case "permute" -> {
                List<Integer> dims = new ArrayList<>();
                for (int d = 0; d < shape.length; d++) {
                    dims.add(d);
                }
                java.util.Collections.shuffle(dims, random);
                yield op(name, Attrs.of("dims", dims.stream().mapToInt(d -> d).toArray()), 1, x);
            }
            case "unsqueeze", "squeeze" -> op(name, Attrs.of("dim", dim(x)), 1, x);
            case "flip" -> op(name, Attrs.of("dims", new int[] {dim(x)}), 1, x);
            case "expand" -> {
                int[] size = shape.clone();
                for (int d = 0; d < size.length; d++) {
                    size[d] = size[d] == 1 ? 1 + random.nextInt(3) : size[d];
                }
                yield op(name, Attrs.of("size", random.nextBoolean() ? size : prepend(2, size)), 1, x);
            }
            case "select" -> op(name, Attrs.of("dim", dim(x), "index", random.nextInt(3) - 1), 1, x);
            case "slice" -> op(name, Attrs.of("dim", dim(x), "start", random.nextInt(2), "end", 2 + random.nextInt(2),
                    "step", 1 + random.nextInt(2)), 1, x);
            case "split" -> op(name, Attrs.of("split_size_or_sections", 1 + random.nextInt(2), "dim", dim(x)), 2, x);
            case "chunk" -> op(name, Attrs.of("chunks", 2, "dim", dim(x)), 2, x);
            default -> op(name, Attrs.NONE, 1, x);
        };
    }

    private static int[] prepend(int first, int[] rest) {
        int[] all = new int[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    private FuzzStatement several() {
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> matmul(pick("matmul", "matmul", "matmul", "matmul", "mm", "outer"), any(type), any(type));
            case 3 -> op("cat", Attrs.of("dim", random.nextInt(2)), 1, any(), any());
            case 4 -> op("stack", Attrs.of("dim", random.nextInt(2)), 1, any(), any());
            case 5 -> random.nextInt(8) == 0 ? op("where", Attrs.NONE, 1, any(), any(), any())
                    : picking("where", DType.BOOL);
            case 6 -> picking("index", DType.BOOL);
            case 7 -> picking("gather", DType.INT64);
            default -> picking("index", DType.INT64);
        };
    }

    private FuzzStatement matmul(String name, int a, int b) {
        return a >= 0 && b >= 0 ? op(name, Attrs.NONE, 1, a, b) : null;
    }

    private FuzzStatement picking(String name, DType by) {
        int picker = any(by);
        if (picker < 0) {
            return null;
        }
        return switch (name) {
            case "where" -> op(name, Attrs.NONE, 1, picker, any(), any());
            case "gather" -> op(name, Attrs.of("dim", dim(picker)), 1, any(), picker);
            default -> op(name, Attrs.NONE, 1, any(), picker);
        };
    }

    private FuzzStatement inPlace() {
        int x = writable();
        String name = pick(IN_PLACE);
        boolean tensor = name.equals("copy_") || random.nextBoolean() && List.of("add_", "sub_", "mul_", "div_")
                .contains(name);
        boolean whole = name.equals("clamp_") && !machine.variables.get(x).is_floating_point();
        if (whole) {
            return null;
        }
        boolean number = !tensor && !List.of("relu_", "sigmoid_", "exp_", "zero_").contains(name);
        double[] values = number ? new double[] {name.equals("pow_") ? pick(2.0, 3.0) : Math.abs(number())}
                : new double[0];
        int other = tensor ? any() : x;
        if (isUndefined(machine.variables.get(x), machine.variables.get(other))) {
            return null;
        }
        return new FuzzStatement(Kind.IN_PLACE, name, Attrs.NONE, values, tensor ? List.of(x, other) : List.of(x),
                List.of(), null);
    }

    /** Whether the numbers written depend on the order of PyTorch's loops, which it does not refuse. */
    private static boolean isUndefined(Tensor written, Tensor read) {
        boolean same = written.storage_offset() == read.storage_offset()
                && Arrays.equals(Torch.shape(written), Torch.shape(read))
                && Arrays.equals(Torch.strides(written), Torch.strides(read));
        return written.is_alias_of(read) && !same
                && !(written.is_non_overlapping_and_dense() && read.is_non_overlapping_and_dense());
    }

    /** A variable, more likely a view than another, seldom a leaf that must not be written. */
    private int writable() {
        boolean view = random.nextInt(3) == 0;
        int x = any();
        for (int tries = 0; tries < 8; tries++) {
            Tensor t = machine.variables.get(x);
            boolean forbidden = t.requires_grad() && (t.is_leaf() || t.is_view() && t._base().is_leaf());
            if (!forbidden && (!view || t.is_view()) || random.nextInt(30) == 0) {
                break;
            }
            x = any();
        }
        return x;
    }

    private FuzzStatement method() {
        int x = random.nextInt(3) > 0 ? any() : machine.variables.keySet().stream()
                .filter(v -> machine.variables.get(v).mutable_grad().defined()).findFirst().orElseGet(this::any);
        return switch (random.nextInt(11)) {
            case 10 -> new FuzzStatement(Kind.METHOD, "contiguous", Attrs.NONE, List.of(x), List.of(next++));
            case 0 -> new FuzzStatement(Kind.METHOD, "detach", Attrs.NONE, List.of(x), List.of(next++));
            case 1 -> new FuzzStatement(Kind.METHOD, "data", Attrs.NONE, List.of(x), List.of(next++));
            case 2 -> machine.variables.get(x).is_floating_point()
                    ? new FuzzStatement(Kind.METHOD, "requires_grad_",
                            Attrs.of("requires_grad", random.nextInt(3) > 0), List.of(x), List.of()) : null;
            case 3 -> machine.variables.get(x).mutable_grad().defined()
                    ? new FuzzStatement(Kind.METHOD, "grad", Attrs.NONE, List.of(x), List.of(next++)) : null;
            case 4 -> machine.variables.get(x).mutable_grad().defined()
                    ? new FuzzStatement(Kind.METHOD, "halve_grad", Attrs.NONE, List.of(x), List.of()).in(false) : null;
            case 5, 6 -> new FuzzStatement(Kind.METHOD, "zero_grad", Attrs.NONE, List.of(x), List.of());
            default -> new FuzzStatement(Kind.METHOD, "retain_grad", Attrs.NONE, List.of(x), List.of());
        };
    }

    /** A variable to differentiate. */
    private int target() {
        int root = any();
        for (int tries = 0; tries < 10 && !machine.variables.get(root).requires_grad(); tries++) {
            root = any();
        }
        return root;
    }

    /** The gradient to start with: none for a single element. */
    private double[] gradient(int root) {
        Tensor t = machine.variables.get(root);
        double[] values = new double[t.numel() != 1 && random.nextInt(12) > 0 ? (int) t.numel() : 0];
        Arrays.setAll(values, _ -> number());
        return values;
    }

    private Attrs how() {
        boolean create = higher && random.nextInt(2) == 0;
        return Attrs.of("retain_graph", random.nextBoolean(), "create_graph", create);
    }

    private FuzzStatement backward() {
        int root = target();
        List<Integer> in = random.nextInt(5) == 0 ? List.of(root, any()) : List.of(root);
        return new FuzzStatement(Kind.BACKWARD, "backward", how(), gradient(root), in, List.of(), null);
    }

    private FuzzStatement grad() {
        int root = target();
        List<Integer> in = new ArrayList<>(List.of(root));
        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            in.add(any());
            out.add(next++);
        }
        return new FuzzStatement(Kind.GRAD, "grad", how().with("allow_unused", random.nextInt(3) > 0),
                gradient(root), in, out, null);
    }

    /** A variable, more likely a recent one. */
    private int any() {
        List<Integer> names = new ArrayList<>(machine.variables.keySet());
        return names.get(Math.max(random.nextInt(names.size()), random.nextInt(names.size())));
    }

    /** A variable of that type, or -1. */
    private int any(DType wanted) {
        return machine.variables.keySet().stream().filter(x -> Torch.dtype(machine.variables.get(x)) == wanted)
                .reduce((a, b) -> random.nextBoolean() ? b : a).orElse(-1);
    }

    /** A dimension of that variable, counted from either end; sometimes one beyond. */
    private int dim(int x) {
        int rank = Math.max((int) machine.variables.get(x).dim(), 1);
        return random.nextInt(40) == 0 ? rank : random.nextInt(2 * rank) - rank;
    }

    private double number() {
        return Math.round((random.nextDouble() * 4 - 2) * 64) / 64.0;
    }

    @SafeVarargs
    private <E> E pick(E... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
