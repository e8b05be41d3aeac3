package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.MathMl;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.value.NumberText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;
import org.teavm.jso.dom.xml.NodeList;

/**
 * Local derivatives as formulas: with the tensors' names, and where these are single numbers, with this run's numbers.
 * The markup is the engine's alone; names, which users type, stand in it as signs that are replaced as text.
 */
final class Formulas {
    private static final char SIGN = '\uE000';
    private static final String EQUALS = "<mo>=</mo>";

    private final Expr derivative;

    /**
     * @param derivative of the inputs, and the output as the argument after them
     * @param attrs every parameter it names
     */
    Formulas(Expr derivative, Attrs attrs) {
        this.derivative = decided(derivative.replace(leaf -> leaf instanceof Expr.Param parameter
                ? Expr.of(attrs.number(parameter.name())) : leaf));
    }

    /** The branch that is taken, where the attributes alone decide. */
    private static Expr decided(Expr formula) {
        return formula instanceof Expr.Call call && call.fn() == Fn.SELECT
                && call.arg(0) instanceof Expr.Const condition
                ? decided(call.arg(condition.value() != 0 ? 1 : 2)) : formula;
    }

    /**
     * The derivative of the output by one input.
     *
     * @param names of the inputs, then of the output
     * @param numbers what stands for them at one element, likewise; null to leave the numbers out
     * @param local what it comes to there
     */
    HTMLElement by(int input, List<String> names, double[] numbers, double local) {
        int output = names.size() - 1;
        StringBuilder markup = new StringBuilder("<math><mfrac><mrow><mo>∂</mo>").append(sign(output))
                .append("</mrow><mrow><mo>∂</mo>").append(sign(input)).append("</mrow></mfrac>").append(EQUALS)
                .append(MathMl.of(derivative, Formulas::name));
        boolean constant = derivative instanceof Expr.Const;
        if (numbers != null && !constant) {
            markup.append(EQUALS).append(MathMl.of(derivative, word -> number(word, numbers)));
            // A derivative that is one of the numbers says it all already.
            if (!(derivative instanceof Expr.Arg)) {
                markup.append(EQUALS).append("<mn>").append(NumberText.of(local)).append("</mn>");
            }
        }
        HTMLElement formula = Dom.make("div", "formula");
        formula.setInnerHTML(markup.append("</math>").toString());
        formula.setTabIndex(0);
        NodeList<? extends Element> words = formula.querySelectorAll("mi, mtext");
        for (int i = 0; i < words.getLength(); i++) {
            Element word = words.get(i);
            String text = word.getTextContent();
            if (text.length() == 1 && text.charAt(0) >= SIGN && text.charAt(0) < SIGN + names.size()) {
                word.setTextContent(names.get(text.charAt(0) - SIGN));
            }
        }
        return formula;
    }

    private static String sign(int argument) {
        return "<mi>" + (char) (SIGN + argument) + "</mi>";
    }

    private static String name(Expr word) {
        return String.valueOf((char) (SIGN + ((Expr.Arg) word).index()));
    }

    private static String number(Expr word, double[] numbers) {
        return NumberText.of(numbers[((Expr.Arg) word).index()]);
    }
}
