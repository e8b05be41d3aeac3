package dev.backstep.web.simd;

import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the code of a list of works depends on: all but which slots and offsets the operands have, and the numbers. */
final class WorkKey {
    private final List<Expr> formulas = new ArrayList<>();
    private int[] words = new int[64];
    private int length;

    WorkKey(List<Work> works, Arguments.Places places) {
        for (Work work : works) {
            add(work.outs().size());
            add(work.ins().size());
            switch (work) {
                case Work.Pointwise pointwise -> {
                    add(-1);
                    formulas.addAll(pointwise.formulas());
                    for (int i = 0; i < pointwise.params().size(); i++) {
                        Expr param = Expr.param(pointwise.params().get(i));
                        if (isRead(pointwise.formulas(), param)) {
                            formulas.add(param);
                            add(places.number(pointwise.firstNumber() + i));
                        }
                    }
                }
                case Work.Run run -> add(run.kernel().ordinal());
            }
            for (Operand operand : work.outs()) {
                add(operand, places);
            }
            for (Operand operand : work.ins()) {
                add(operand, places);
            }
        }
    }

    private static boolean isRead(List<Expr> formulas, Expr param) {
        for (Expr formula : formulas) {
            if (formula.equals(param) || formula instanceof Expr.Call call && isRead(call.args(), param)) {
                return true;
            }
        }
        return false;
    }

    private void add(Operand operand, Arguments.Places places) {
        add(places.of(operand));
        add(operand.type().ordinal());
        add(operand.shape().length);
        for (int i = 0; i < operand.shape().length; i++) {
            add(operand.shape()[i]);
            add(operand.strides()[i]);
        }
    }

    private void add(int word) {
        if (length == words.length) {
            words = Arrays.copyOf(words, 2 * length);
        }
        words[length++] = word;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WorkKey key && key.length == length && key.formulas.equals(formulas)
                && Arrays.equals(key.words, 0, length, words, 0, length);
    }

    @Override
    public int hashCode() {
        int hash = formulas.hashCode();
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + words[i];
        }
        return hash;
    }
}
