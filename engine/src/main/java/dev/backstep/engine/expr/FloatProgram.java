package dev.backstep.engine.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Several {@link Expr}s of the same arguments, compiled to a list of instructions over registers that are blocks of
 * float32, each step rounded. What they share is computed once. Registers belong to whoever runs it: arguments first,
 * then parameters, constants, and results of the instructions.
 */
public final class FloatProgram {
    private static final Fn[] FNS = Fn.values();
    private static final int WIDTH = 5;

    private final int args;
    private final int params;
    private final float[] constants;
    private final int[] code;
    private final int registers;
    private final int[] results;

    /**
     * @param args how many arguments a run is given; the formulas may use fewer
     * @param params the names of the parameters, in the order in which a run is given them
     */
    public FloatProgram(List<Expr> formulas, int args, List<String> params) {
        this.args = args;
        this.params = params.size();
        Map<Expr, Integer> places = new HashMap<>();
        List<Expr.Call> calls = new ArrayList<>();
        List<Float> numbers = new ArrayList<>();
        int constantsFrom = args + params.size();
        for (Expr formula : formulas) {
            collect(formula, params, places, numbers, calls);
        }
        int next = constantsFrom + numbers.size();
        code = new int[calls.size() * WIDTH];
        for (int i = 0; i < calls.size(); i++) {
            Expr.Call call = calls.get(i);
            code[i * WIDTH] = call.fn().ordinal();
            code[i * WIDTH + 1] = next;
            for (int k = 0; k < call.args().size(); k++) {
                code[i * WIDTH + 2 + k] = places.get(call.arg(k));
            }
            places.put(call, next++);
        }
        registers = next;
        constants = new float[numbers.size()];
        for (int i = 0; i < constants.length; i++) {
            constants[i] = numbers.get(i);
        }
        results = new int[formulas.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = places.get(formulas.get(i));
        }
    }

    /** Lists the constants and the calls, each once, a call after what it reads. */
    private void collect(Expr e, List<String> names, Map<Expr, Integer> places, List<Float> numbers,
            List<Expr.Call> calls) {
        if (places.containsKey(e)) {
            return;
        }
        switch (e) {
            case Expr.Arg a -> places.put(e, a.index());
            case Expr.Param p -> places.put(e, args + names.indexOf(p.name()));
            case Expr.Const c -> {
                places.put(e, args + params + numbers.size());
                numbers.add((float) c.value());
            }
            case Expr.Call c -> {
                c.args().forEach(arg -> collect(arg, names, places, numbers, calls));
                places.put(c, -1);
                calls.add(c);
            }
        }
    }

    /** Room for blocks of {@code length} elements, the constants filled in. */
    public float[][] registers(int length) {
        float[][] memory = new float[registers][length];
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
            for (int k = 0; k < FNS[code[at]].arity(); k++) {
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
            FloatBlocks.run(FNS[code[at]], memory[code[at + 1]], memory[code[at + 2]], memory[code[at + 3]],
                    memory[code[at + 4]], n);
        }
    }
}
