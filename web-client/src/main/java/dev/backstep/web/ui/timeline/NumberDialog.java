package dev.backstep.web.ui.timeline;

import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** A small dialog that asks for numbers. */
final class NumberDialog {
    private NumberDialog() {}

    /** @param label the message's key */
    record Field(String label, double value) {}

    /**
     * Opens it; {@code take} gets the numbers once all of them are numbers.
     *
     * @param title the message's key
     * @param button the key of the word on the button
     */
    static void ask(String title, String button, List<Field> fields, Consumer<double[]> take) {
        Dialog dialog = new Dialog(Text.of(title));
        HTMLElement form = Dom.make("form", "form");
        form.setAttribute("novalidate", "");
        List<HTMLInputElement> inputs = new ArrayList<>();
        for (Field field : fields) {
            HTMLInputElement input = Forms.text(NumberText.exact(field.value), "ask-" + inputs.size());
            input.setAttribute("inputmode", "decimal");
            inputs.add(input);
            form.appendChild(Forms.row(Text.of(field.label), input));
        }
        HTMLElement error = Forms.error();
        Dom.append(form, error, Forms.submit(Text.of(button)));
        Dom.on(form, "submit", (Event event) -> {
            event.preventDefault();
            double[] numbers = new double[inputs.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = number(inputs.get(i).getValue());
                if (Double.isNaN(numbers[i])) {
                    Forms.refuse(inputs.get(i), error, Text.of("ask.number"));
                    return;
                }
            }
            dialog.close();
            take.accept(numbers);
        });
        dialog.body().appendChild(form);
        dialog.open();
        inputs.getFirst().focus();
        inputs.getFirst().select();
    }

    private static double number(String text) {
        try {
            return text.strip().equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text.strip());
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }
}
