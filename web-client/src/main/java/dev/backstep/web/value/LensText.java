package dev.backstep.web.value;

import dev.backstep.engine.lens.Origins;
import dev.backstep.engine.tensor.Op;
import java.util.Arrays;
import java.util.List;

/** Sums of products in words of indices: in general, {@code dx[i,k] = Σⱼ dy[i,j]·w[k,j]}, and of one element. */
public final class LensText {
    /** How many terms are written out; the rest is counted. */
    private static final int WRITTEN = 6;

    private LensText() {}

    /** The number of an element as code writes it: {@code [0,2]}, nothing for a tensor without dimensions. */
    public static String index(int[] shape, int element) {
        return shape.length == 0 ? "" : Arrays.toString(Origins.indices(shape, element)).replace(" ", "");
    }

    /**
     * What the elements of an input's gradient are in an op that multiplies matrices.
     *
     * @param names of the inputs, then of the output
     * @return null for other ops
     */
    public static String general(Op op, int input, List<String> names, int[] ranks) {
        int left = op.type().equals("addmm") ? 1 : 0;
        boolean isLeft = input == left;
        boolean isProduct = switch (op.type()) {
            case "matmul", "mm", "mv", "dot", "bmm", "linear", "outer", "addmm" -> true;
            default -> false;
        };
        if (!isProduct || !isLeft && input != left + 1) {
            return null;
        }
        boolean outer = op.type().equals("outer");
        boolean hasRow = outer || ranks[left] > 1;
        boolean hasColumn = outer || ranks[left + 1] > 1;
        String batchA = ranks[left] > 2 ? "…," : "";
        String batchB = ranks[left + 1] > 2 ? "…," : "";
        String batch = batchA.isEmpty() ? batchB : batchA;
        String inner = outer ? "" : "k";
        String a = indices(batchA, hasRow ? "i" : "", inner);
        String b = op.type().equals("linear") ? indices(batchB, hasColumn ? "j" : "", inner)
                : indices(batchB, inner, hasColumn ? "j" : "");
        String y = indices(batch, hasRow ? "i" : "", hasColumn ? "j" : "");
        String gradient = "d" + names.getLast() + y;
        String scale = op.type().equals("addmm") ? "α·" : "";
        return isLeft
                ? "d" + names.get(left) + a + " = " + scale + (hasColumn ? "Σⱼ " : "") + gradient + "·"
                        + names.get(left + 1) + b
                : "d" + names.get(left + 1) + b + " = " + scale + (hasRow ? "Σᵢ " : "") + names.get(left) + a + "·"
                        + gradient;
    }

    private static String indices(String batch, String first, String second) {
        String both = first + (first.isEmpty() || second.isEmpty() ? "" : ",") + second;
        return batch.isEmpty() && both.isEmpty() ? "" : "[" + batch + both + "]";
    }

    /**
     * An element's sum with its indices.
     *
     * @param names of the inputs, {@code outputs} of the outputs, and their shapes
     */
    public static String symbols(Origins.Sum sum, List<String> names, List<int[]> shapes, List<String> outputs,
            List<int[]> outputShapes) {
        boolean ones = isOnes(sum);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sum.terms().size() && i < WRITTEN; i++) {
            Origins.Term term = sum.terms().get(i);
            text.append(i == 0 ? "" : " + ").append('d').append(outputs.get(term.output()))
                    .append(index(outputShapes.get(term.output()), term.element()));
            if (term.factor() >= 0) {
                text.append('·').append(names.get(term.factor()))
                        .append(index(shapes.get(term.factor()), term.factorElement()));
            } else if (!ones) {
                text.append('·').append(NumberText.of(term.local()));
            }
        }
        return text.append(more(sum)).toString();
    }

    /** The same with this run's numbers, which says nothing new where each term is one number alone. */
    public static String numbers(Origins.Sum sum) {
        boolean ones = isOnes(sum);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sum.terms().size() && i < WRITTEN; i++) {
            Origins.Term term = sum.terms().get(i);
            text.append(i == 0 ? "" : " + ").append(signed(term.incoming(), i > 0));
            if (!ones) {
                text.append('·').append(signed(term.local(), true));
            }
        }
        return text.append(more(sum)).toString();
    }

    private static boolean isOnes(Origins.Sum sum) {
        return sum.terms().stream().allMatch(term -> term.local() == 1 && term.factor() < 0);
    }

    private static String more(Origins.Sum sum) {
        return sum.count() > WRITTEN ? " + … (" + sum.count() + ")" : "";
    }

    private static String signed(double value, boolean inside) {
        String number = NumberText.of(value);
        return inside && number.startsWith("-") ? "(" + number + ")" : number;
    }
}
