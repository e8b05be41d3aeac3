package dev.backstep.web.value;

import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** A sum of gradients spelled out: {@code 3 + 1 = 4}. */
public final class SumText {
    private static final int SHORT = 30;

    private SumText() {}

    /** The sum with its terms where they are few and small, else how many came together and how large they are now. */
    public static String of(List<Tensor> terms, Tensor sum) {
        StringBuilder text = new StringBuilder();
        for (Tensor term : terms) {
            String number = TensorText.brief(term);
            if (number == null || text.length() > SHORT) {
                return "Σ " + terms.size() + " → " + TensorText.orNorm(sum);
            }
            boolean negative = number.startsWith("-");
            if (text.isEmpty()) {
                text.append(number);
            } else {
                text.append(negative ? " − " : " + ").append(negative ? number.substring(1) : number);
            }
        }
        return text + " = " + TensorText.orNorm(sum);
    }
}
