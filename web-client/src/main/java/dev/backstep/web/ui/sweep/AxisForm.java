package dev.backstep.web.ui.sweep;

import dev.backstep.web.train.Knob;
import dev.backstep.web.train.SweepPlan;
import dev.backstep.web.train.TypedValues;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.List;
import java.util.function.Consumer;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** One thing that varies, and the values it has, as a line of the form. */
final class AxisForm {
    private final List<Knob> knobs;
    private final HTMLSelectElement what = (HTMLSelectElement) Dom.make("select", "field");
    private final HTMLInputElement values = (HTMLInputElement) Dom.make("input", "field");
    private final HTMLElement help = Dom.make("p", "form-help");
    private final HTMLElement error = Dom.make("p", "form-error");
    private final HTMLElement remove;
    private final HTMLElement line;

    /**
     * @param number tells it from the other lines
     * @param changed something was chosen or typed
     * @param removed it is no longer wanted
     */
    AxisForm(Knob.Choice choice, Knob chosen, int number, Runnable changed, Consumer<AxisForm> removed) {
        knobs = choice.all();
        String id = "sweep-values-" + number;
        values.setId(id);
        values.setAttribute("autocomplete", "off");
        values.setAttribute("spellcheck", "false");
        values.setAttribute("aria-describedby", id + "-error " + id + "-help");
        error.setId(id + "-error");
        help.setId(id + "-help");
        what.setId("sweep-what-" + number);
        group("sweep.suggested", choice.suggested());
        group("sweep.others", choice.others());
        what.setValue(chosen.id());
        remove = Dom.iconButton("tool small", "x", Text.of("sweep.remove"), () -> removed.accept(this));
        line = Dom.make("div", "sweep-axis", labelled("sweep.what", what), labelled("sweep.values", values), remove,
                error, help);
        error.setHidden(true);
        Dom.on(what, "change", event -> {
            name();
            if (!values.getValue().isEmpty()) {
                check();
            }
            changed.run();
        });
        Dom.on(values, "input", event -> {
            if (!error.isHidden()) {
                check();
            }
            changed.run();
        });
        Dom.on(values, "change", event -> check());
        name();
    }

    private static HTMLElement labelled(String key, HTMLElement field) {
        HTMLElement label = Dom.make("label", "", Text.of(key));
        label.setAttribute("for", field.getId());
        return Dom.make("div", "sweep-field", label, field);
    }

    private void group(String key, List<Knob> group) {
        if (group.isEmpty()) {
            return;
        }
        HTMLElement options = Dom.make("optgroup", "");
        options.setAttribute("label", Text.of(key));
        for (Knob knob : group) {
            HTMLElement option = Dom.make("option", "", SweepText.knob(knob));
            option.setAttribute("value", knob.id());
            options.appendChild(option);
        }
        what.appendChild(options);
    }

    /** Says what the document has there, and how values of the kind look. */
    private void name() {
        Knob knob = knob();
        Dom.text(help, Double.isNaN(knob.now()) ? Text.of("sweep.none")
                : Text.of("sweep.now", NumberText.exact(knob.now())));
        values.setAttribute("placeholder", switch (knob.kind()) {
            case NUMBER -> "0.1, 0.03, 0.01";
            case WIDTH -> "16, 32, 64";
            case SEED -> "0, 1, 2";
            case WHOLE -> "1, 2, 4";
        });
    }

    HTMLElement line() {
        return line;
    }

    Knob knob() {
        return knobs.stream().filter(knob -> knob.id().equals(what.getValue())).findFirst().orElseThrow();
    }

    /** Whether there is another line, so that this one may go. */
    void removable(boolean may) {
        Dom.enable(remove, may);
    }

    /** What it asks for; null where the values are wrong. */
    SweepPlan.Axis axis() {
        TypedValues typed = TypedValues.read(values.getValue(), knob());
        return typed.flaw() == null ? new SweepPlan.Axis(knob(), typed.values()) : null;
    }

    /** Says what is wrong with the values, or takes that back; true where nothing is. */
    boolean check() {
        TypedValues typed = TypedValues.read(values.getValue(), knob());
        refuse(typed.flaw() == null ? null : SweepText.flaw(typed));
        return typed.flaw() == null;
    }

    /** Says why it cannot be had, in the place of the help, so that nothing moves; null for nothing. */
    void refuse(String why) {
        help.setHidden(why != null);
        error.setHidden(why == null);
        Dom.text(error, why == null ? "" : why);
        Dom.attribute(values, "aria-invalid", why == null ? null : "true");
    }

    void focus() {
        values.focus();
    }
}
