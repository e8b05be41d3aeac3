package dev.backstep.engine.expr;

/** One function over blocks of float32, each step rounded. */
final class FloatBlocks {
    private FloatBlocks() {
    }

    /**
     * The commonest functions have a loop of their own, so that the choice is made once a block. Index and arrays are
     * as plain as can be, or the JVM would not use vectors.
     */
    static void run(Fn fn, float[] out, float[] x, float[] y, float[] z, int n) {
        switch (fn) {
            case NEG -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] * -1;
                }
            }
            case SQRT -> {
                for (int i = 0; i < n; i++) {
                    out[i] = (float) Math.sqrt(x[i]);
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
            case MIN -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] != x[i] || x[i] < y[i] ? x[i] : y[i];
                }
            }
            case MAX -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] != x[i] || x[i] > y[i] ? x[i] : y[i];
                }
            }
            case LE -> {
                for (int i = 0; i < n; i++) {
                    out[i] = x[i] <= y[i] ? 1 : 0;
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
                    out[i] = (float) Program.apply(fn, x[i], y[i], z[i]);
                }
            }
        }
    }
}
