package dev.backstep.engine.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A formula made ready to run: a straight list of instructions over registers, equal subformulas computed once. The
 * first registers are the arguments, then the parameters, the constants, and the results. It computes in double, in
 * float32 step by step where that comes out the same everywhere ({@link #isExact}), or in long where all numbers are
 * integers; what a type keeps of a number is the caller's to decide at load and store.
 * (A sum, product, quotient or square root of two float32 rounded once from double is what float32 would have given.)
 */
public final class Program {
    private static final Fn[] FNS = Fn.values();
    private static final int WIDTH = 5;

    private final Expr formula;
    private final int args;
    private final List<String> params = new ArrayList<>();
    private final double[] constants;
    private final float[] floatConstants;
    private final int[] code;
    private final int registers;
    private final int result;
    private final Fn single;
    private final boolean exact;
    private final int inexact;
    /** Memory of the last run over blocks, for the next one; a run that finds none makes its own. */
    private final AtomicReference<double[][]> spare = new AtomicReference<>();
    private final AtomicReference<float[][]> spareFloats = new AtomicReference<>();

    /** @param args how many arguments a run is given; the formula may use fewer */
    public Program(Expr formula, int args) {
        this.formula = formula;
        this.args = args;
        Map<Expr, Integer> places = new HashMap<>();
        for (int i = 0; i < args; i++) {
            places.put(Expr.arg(i), i);
        }
        List<Expr> leaves = new ArrayList<>();
        List<Expr.Call> calls = new ArrayList<>();
        collect(formula, leaves, calls);
        int next = args;
        for (Expr leaf : leaves) {
            if (leaf instanceof Expr.Param p) {
                params.add(p.name());
                places.put(leaf, next++);
            }
        }
        List<Double> numbers = new ArrayList<>();
        for (Expr leaf : leaves) {
            if (leaf instanceof Expr.Const c) {
                numbers.add(c.value());
                places.put(leaf, next++);
            }
        }
        constants = numbers.stream().mapToDouble(Double::doubleValue).toArray();
        floatConstants = new float[constants.length];
        for (int i = 0; i < constants.length; i++) {
            floatConstants[i] = (float) constants[i];
        }
        code = new int[calls.size() * WIDTH];
        int at = 0;
        int unlike = 0;
        for (Expr.Call call : calls) {
            unlike += call.fn().isExact() ? 0 : 1;
            code[at] = call.fn().ordinal();
            code[at + 1] = next;
            for (int i = 0; i < call.args().size(); i++) {
                code[at + 2 + i] = places.get(call.arg(i));
            }
            places.put(call, next++);
            at += WIDTH;
        }
        inexact = unlike;
        registers = next;
        result = places.get(formula);
        single = findSingle();
        exact = code.length > 0 && formula.isExact();
    }

    /** Lists the leaves and the calls, each once, a call after what it reads. */
    private static void collect(Expr e, List<Expr> leaves, List<Expr.Call> calls) {
        if (e instanceof Expr.Call c) {
            if (!calls.contains(c)) {
                for (Expr arg : c.args()) {
                    collect(arg, leaves, calls);
                }
                calls.add(c);
            }
        } else if (!leaves.contains(e)) {
            leaves.add(e);
        }
    }

    /** What it computes. */
    public Expr formula() {
        return formula;
    }

    public int args() {
        return args;
    }

    /** The parameters a run must be given, in this order. */
    public List<String> params() {
        return params;
    }

    /** The function, where the whole formula is one function of the arguments in their order; else null. */
    public Fn single() {
        return single;
    }

    /** Whether an argument does nothing but say which of two others is taken. */
    public boolean isCondition(int arg) {
        boolean read = false;
        for (int at = 0; at < code.length; at += WIDTH) {
            int arity = FNS[code[at]].arity();
            for (int i = 0; i < arity; i++) {
                if (code[at + 2 + i] == arg) {
                    if (i > 0 || FNS[code[at]] != Fn.SELECT) {
                        return false;
                    }
                    read = true;
                }
            }
        }
        return read;
    }

    /** Whether it may run in float32: it computes something, and all machines agree on every bit of each step. */
    public boolean isExact() {
        return exact;
    }

    /** How many functions an element takes. */
    public int steps() {
        return code.length / WIDTH;
    }

    /** How many of them are exponentials and their like, which take several times as long as a product. */
    public int inexactSteps() {
        return inexact;
    }

    private Fn findSingle() {
        if (code.length != WIDTH) {
            return null;
        }
        Fn fn = FNS[code[0]];
        for (int i = 0; i < fn.arity(); i++) {
            if (code[2 + i] != i) {
                return null;
            }
        }
        return fn.arity() == args ? fn : null;
    }

    /** Room for one run over single elements, its parameters and constants filled in; arguments go in front. */
    public double[] registers(double[] parameters) {
        double[] memory = new double[registers];
        System.arraycopy(parameters, 0, memory, args, parameters.length);
        System.arraycopy(constants, 0, memory, args + parameters.length, constants.length);
        return memory;
    }

    /** The formula of the arguments that stand in front of the registers. */
    public double run(double[] memory) {
        for (int at = 0; at < code.length; at += WIDTH) {
            memory[code[at + 1]] = apply(FNS[code[at]], memory[code[at + 2]], memory[code[at + 3]],
                    memory[code[at + 4]]);
        }
        return memory[result];
    }

    /** The same in float32, each step rounded. */
    public float run(float[] memory) {
        for (int at = 0; at < code.length; at += WIDTH) {
            memory[code[at + 1]] = (float) apply(FNS[code[at]], memory[code[at + 2]], memory[code[at + 3]],
                    memory[code[at + 4]]);
        }
        return memory[result];
    }

    /** Room for one run in float32. */
    public float[] floatRegisters(double[] parameters) {
        float[] memory = new float[registers];
        for (int i = 0; i < parameters.length; i++) {
            memory[args + i] = (float) parameters[i];
        }
        System.arraycopy(floatConstants, 0, memory, args + parameters.length, floatConstants.length);
        return memory;
    }

    /**
     * Room for runs over blocks of up to {@code length} elements; what was given back is given out again, because
     * small tensors would take longer to make it than to compute.
     */
    public double[][] blocks(double[] parameters, int length) {
        double[][] memory = spare.getAndSet(null);
        if (memory == null || registers > 0 && memory[0].length < length) {
            memory = new double[registers][length];
            for (int i = 0; i < constants.length; i++) {
                Arrays.fill(memory[args + parameters.length + i], constants[i]);
            }
        }
        for (int i = 0; i < parameters.length; i++) {
            Arrays.fill(memory[args + i], 0, length, parameters[i]);
        }
        return memory;
    }

    /** Takes back what {@link #blocks} gave. */
    public void giveBack(double[][] memory) {
        spare.set(memory);
    }

    /** The formula over the first {@code n} elements of each argument's block; the answer is one of the blocks. */
    public double[] run(double[][] memory, int n) {
        for (int at = 0; at < code.length; at += WIDTH) {
            block(FNS[code[at]], memory[code[at + 1]], memory[code[at + 2]], memory[code[at + 3]],
                    memory[code[at + 4]], n);
        }
        return memory[result];
    }

    /** Room for runs in float32 over blocks of up to {@code length} elements. */
    public float[][] floatBlocks(double[] parameters, int length) {
        float[][] memory = spareFloats.getAndSet(null);
        if (memory == null || registers > 0 && memory[0].length < length) {
            memory = new float[registers][length];
            for (int i = 0; i < constants.length; i++) {
                Arrays.fill(memory[args + parameters.length + i], floatConstants[i]);
            }
        }
        for (int i = 0; i < parameters.length; i++) {
            Arrays.fill(memory[args + i], 0, length, (float) parameters[i]);
        }
        return memory;
    }

    /** Takes back what {@link #floatBlocks} gave. */
    public void giveBack(float[][] memory) {
        spareFloats.set(memory);
    }

    /** The formula over the first {@code n} elements of each argument's block, in float32. */
    public float[] run(float[][] memory, int n) {
        for (int at = 0; at < code.length; at += WIDTH) {
            FloatBlocks.run(FNS[code[at]], memory[code[at + 1]], memory[code[at + 2]], memory[code[at + 3]],
                    memory[code[at + 4]], n);
        }
        return memory[result];
    }

    /** Room for one run over integers; parameters and constants were checked by the caller to be whole numbers. */
    public long[] longRegisters(double[] parameters) {
        long[] memory = new long[registers];
        for (int i = 0; i < parameters.length; i++) {
            memory[args + i] = (long) parameters[i];
        }
        for (int i = 0; i < constants.length; i++) {
            memory[args + parameters.length + i] = (long) constants[i];
        }
        return memory;
    }

    /** The formula of integers. */
    public long run(long[] memory) {
        for (int at = 0; at < code.length; at += WIDTH) {
            memory[code[at + 1]] = apply(FNS[code[at]], memory[code[at + 2]], memory[code[at + 3]],
                    memory[code[at + 4]]);
        }
        return memory[result];
    }

    /** One function of numbers; those past its arity are not looked at. */
    public static double apply(Fn fn, double x, double y, double z) {
        return switch (fn) {
            // A product, because TeaVM's WebAssembly takes a negation from 0, which leaves a 0 as it is.
            case NEG -> x * -1;
            case ABS -> Math.abs(x);
            case SIGN -> x > 0 ? 1 : x < 0 ? -1 : x != x ? x : 0;
            case FLOOR -> Math.floor(x);
            case ROUND -> Functions.round(x);
            case NOT -> x == 0 ? 1 : 0;
            case EXP -> Math.exp(x);
            case EXPM1 -> Functions.expm1(x);
            case LOG -> Math.log(x);
            case LOG1P -> Functions.log1p(x);
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TAN -> Math.tan(x);
            case TANH -> Functions.tanh(x);
            case SIGMOID -> Functions.sigmoid(x);
            case ERF -> Functions.erf(x);
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case POW -> Functions.pow(x, y);
            case MIN -> x != x || x < y ? x : y;
            case MAX -> x != x || x > y ? x : y;
            case EQ -> x == y ? 1 : 0;
            case NE -> x != y ? 1 : 0;
            case LT -> x < y ? 1 : 0;
            case LE -> x <= y ? 1 : 0;
            case GT -> x > y ? 1 : 0;
            case GE -> x >= y ? 1 : 0;
            case AND -> x != 0 && y != 0 ? 1 : 0;
            case OR -> x != 0 || y != 0 ? 1 : 0;
            case SELECT -> x != 0 ? y : z;
        };
    }

    /** One function of integers. Those that leave the integers go through double and drop the fraction. */
    public static long apply(Fn fn, long x, long y, long z) {
        return switch (fn) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Long.signum(x);
            case FLOOR, ROUND -> x;
            case NOT -> x == 0 ? 1 : 0;
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case POW -> power(x, y);
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            case EQ -> x == y ? 1 : 0;
            case NE -> x != y ? 1 : 0;
            case LT -> x < y ? 1 : 0;
            case LE -> x <= y ? 1 : 0;
            case GT -> x > y ? 1 : 0;
            case GE -> x >= y ? 1 : 0;
            case AND -> x != 0 && y != 0 ? 1 : 0;
            case OR -> x != 0 || y != 0 ? 1 : 0;
            case SELECT -> x != 0 ? y : z;
            case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, SIN, COS, TAN, TANH, SIGMOID, ERF, DIV ->
                (long) apply(fn, (double) x, (double) y, (double) z);
        };
    }

    /** x to the y by squaring, wrapping around as two's complement does; a negative power is 0 but for 1 and -1. */
    private static long power(long x, long y) {
        if (y < 0) {
            return x == 1 ? 1 : x == -1 ? (y % 2 == 0 ? 1 : -1) : 0;
        }
        long power = 1;
        for (long square = x, left = y; left > 0; left >>= 1, square *= square) {
            if ((left & 1) == 1) {
                power *= square;
            }
        }
        return power;
    }

    /** One function over blocks. The commonest have a loop of their own, so that the choice is made once a block. */
    static void block(Fn fn, double[] out, double[] x, double[] y, double[] z, int n) {
        switch (fn) {
            case NEG -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] * -1;
                }
            }
            case ADD -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] + y[i];
                }
            }
            case SUB -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] - y[i];
                }
            }
            case MUL -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] * y[i];
                }
            }
            case DIV -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] / y[i];
                }
            }
            case EXP -> {
                for (int i = 0; i < n; i++) {
                    out[i] = Math.exp(x[i]);
                }
            }
            case TANH -> {
                for (int i = 0; i < n; i++) {
                    out[i] = Functions.tanh(x[i]);
                }
            }
            case GT -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] > y[i] ? 1 : 0;
                }
            }
            case SELECT -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] != 0 ? y[i] : z[i];
                }
            }
            default -> {
                for (int i = 0; i < n; i++) {
                    out[i] = apply(fn, x[i], y[i], z[i]);
                }
            }
        }
    }
}
