package dev.backstep.engine.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Several {@link Expr}s of the same arguments, compiled to a list of instructions over registers that are blocks of
 * numbers: float32, each step rounded, or float64, where a product with the constant 1 stands for rounding to float32.
 * What they share is computed once. Registers belong to whoever runs it: arguments first, then parameters, constants,
 * and results of the instructions.
 */
public final class BlockProgram {
    private static final Fn[] FNS = Fn.values();
    private static final int WIDTH = 5;
    private static final int ROUNDING = -1;

    private final int args;
    private final int params;
    private final double[] constants;
    private final int[] code;
    private final int registers;
    private final int[] results;
    private float[] rounded = {};

    /**
     * @param args how many arguments a run is given; the formulas may use fewer
     * @param params the names of the parameters, in the order in which a run is given them
     */
    public BlockProgram(List<Expr> formulas, int args, List<String> params) {
        this.args = args;
        this.params = params.size();
        Map<Expr, Integer> places = new HashMap<>();
        List<Expr.Call> calls = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        int constantsFrom = args + params.size();
        for (Expr formula : formulas) {
            collect(formula, params, places, numbers, calls);
        }
        int next = constantsFrom + numbers.size();
        code = new int[calls.size() * WIDTH];
        for (int i = 0; i < calls.size(); i++) {
            Expr.Call call = calls.get(i);
            code[i * WIDTH] = isRounding(call) ? ROUNDING : call.fn().ordinal();
            code[i * WIDTH + 1] = next;
            for (int k = 0; k < call.args().size(); k++) {
                code[i * WIDTH + 2 + k] = places.get(call.arg(k));
            }
            places.put(call, next++);
        }
        registers = next;
        constants = new double[numbers.size()];
        for (int i = 0; i < constants.length; i++) {
            constants[i] = numbers.get(i);
        }
        results = new int[formulas.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = places.get(formulas.get(i));
        }
    }

    /** Lists the constants and the calls, each once, a call after what it reads. */
    private void collect(Expr e, List<String> names, Map<Expr, Integer> places, List<Double> numbers,
            List<Expr.Call> calls) {
        if (places.containsKey(e)) {
            return;
        }
        switch (e) {
            case Expr.Arg a -> places.put(e, a.index());
            case Expr.Param p -> places.put(e, args + names.indexOf(p.name()));
            case Expr.Const c -> {
                places.put(e, args + params + numbers.size());
                numbers.add(c.value());
            }
            case Expr.Call c -> {
                c.args().forEach(arg -> collect(arg, names, places, numbers, calls));
                places.put(c, -1);
                calls.add(c);
            }
        }
    }

    /** Whether it rounds its first argument to float32. */
    public static boolean isRounding(Expr.Call call) {
        return call.fn() == Fn.MUL && call.arg(1).equals(Expr.ONE);
    }

    /** Room for blocks of {@code length} elements, the constants filled in. */
    public float[][] floats(int length) {
        float[][] memory = new float[registers][length];
        for (int i = 0; i < constants.length; i++) {
            Arrays.fill(memory[args + params + i], (float) constants[i]);
        }
        return memory;
    }

    /** Likewise in float64. */
    public double[][] doubles(int length) {
        double[][] memory = new double[registers][length];
        for (int i = 0; i < constants.length; i++) {
            Arrays.fill(memory[args + params + i], constants[i]);
        }
        return memory;
    }

    /** Which register holds the result of a formula. */
    public int result(int formula) {
        return results[formula];
    }

    /** Whether that register is written by an instruction. */
    public boolean isComputed(int register) {
        return register >= args + params + constants.length;
    }

    /** Whether a parameter is read at all. */
    public boolean reads(int param) {
        for (int at = 0; at < code.length; at += WIDTH) {
            for (int k = 0; k < (code[at] == ROUNDING ? 1 : FNS[code[at]].arity()); k++) {
                if (code[at + 2 + k] == args + param) {
                    return true;
                }
            }
        }
        for (int result : results) {
            if (result == args + param) {
                return true;
            }
        }
        return false;
    }

    /** Computes all formulas over the first {@code n} elements of the arguments. */
    public void run(float[][] memory, int n) {
        for (int at = 0; at < code.length; at += WIDTH) {
            Fn fn = code[at] == ROUNDING ? Fn.MUL : FNS[code[at]];
            FloatBlocks.run(fn, memory[code[at + 1]], memory[code[at + 2]], memory[code[at + 3]],
                    memory[code[at + 4]], n);
        }
    }

    /** Likewise in float64. */
    public void run(double[][] memory, int n) {
        for (int at = 0; at < code.length; at += WIDTH) {
            if (code[at] == ROUNDING) {
                round(memory[code[at + 1]], memory[code[at + 2]], n);
            } else {
                Program.block(FNS[code[at]], memory[code[at + 1]], memory[code[at + 2]], memory[code[at + 3]],
                        memory[code[at + 4]], n);
            }
        }
    }

    private void round(double[] out, double[] x, int n) {
        // Through memory of that type, because a JavaScript build leaves out a cast that nothing but a double sees.
        if (rounded.length < n) {
            rounded = new float[n];
        }
        for (int i = 0; i < n; i++) {
            rounded[i] = (float) x[i];
        }
        for (int i = 0; i < n; i++) {
            out[i] = rounded[i];
        }
    }
}
