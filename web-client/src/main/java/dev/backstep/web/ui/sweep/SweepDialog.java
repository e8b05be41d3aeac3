package dev.backstep.web.ui.sweep;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.web.train.Denial;
import dev.backstep.web.train.Knob;
import dev.backstep.web.train.Parcel;
import dev.backstep.web.train.SweepPlan;
import dev.backstep.web.train.Sweeps;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.train.SentPart;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** Asks what varies, says how many runs that is and what is sent, and asks the server for them. */
final class SweepDialog {
    /** As many as a server takes. */
    private static final int MOST_AXES = 8;

    private final Sweeps sweeps;
    private final Graph graph;
    private final Runnable begun;
    private final Knob.Choice choice;
    private final Dialog dialog = new Dialog(Text.of("sweep.title"));
    private final List<AxisForm> forms = new ArrayList<>();
    private final HTMLElement lines = Dom.make("div", "sweep-axes");
    private final HTMLElement add = Dom.button("action quiet", "plus", Text.of("sweep.add"), () -> {
        addForm();
        last().focus();
    });
    private final HTMLElement runs = Dom.make("p", "sweep-runs");
    private final HTMLElement error = Dom.make("p", "form-error");
    private final HTMLElement start = Dom.button("action primary", "send", Text.of("sweep.send"), this::start);
    private int made;

    /** @param begun the server has accepted it */
    SweepDialog(Sweeps sweeps, Graph graph, Runnable begun) {
        this.sweeps = sweeps;
        this.graph = graph;
        this.begun = begun;
        choice = Knob.of(graph);
    }

    void open() {
        runs.setAttribute("role", "status");
        error.setAttribute("role", "alert");
        start.setId("sweep-start");
        add.setId("sweep-add");
        addForm();
        Dom.append(dialog.body(),
                Dom.make("section", "dialog-section", Dom.make("p", "hint", Text.of("sweep.intro")), lines, add, runs),
                SentPart.of(Parcel.of(graph)), error, Dom.make("div", "buttons server-buttons", start));
        dialog.open();
        last().focus();
    }

    private AxisForm last() {
        return forms.getLast();
    }

    private void addForm() {
        Knob free = choice.all().stream()
                .filter(knob -> forms.stream().noneMatch(form -> form.knob().equals(knob))).findFirst().orElseThrow();
        AxisForm form = new AxisForm(choice, free, ++made, this::count, this::remove);
        forms.add(form);
        lines.appendChild(form.line());
        count();
    }

    private void remove(AxisForm form) {
        forms.remove(form);
        form.line().delete();
        count();
        last().focus();
    }

    private void count() {
        forms.forEach(form -> form.removable(forms.size() > 1));
        Dom.enable(add, forms.size() < Math.min(MOST_AXES, choice.all().size()));
        SweepPlan plan = plan();
        Dom.text(runs, plan == null ? Text.of("sweep.runs.unknown") : SweepText.runs(plan.runs()));
        Dom.text(error, "");
    }

    /** What is asked for; null where something is wrong. */
    private SweepPlan plan() {
        List<SweepPlan.Axis> axes = new ArrayList<>();
        for (AxisForm form : forms) {
            SweepPlan.Axis axis = form.axis();
            if (axis == null || axes.stream().anyMatch(other -> other.knob().equals(axis.knob()))) {
                return null;
            }
            axes.add(axis);
        }
        return new SweepPlan(graph, axes);
    }

    private void start() {
        AxisForm wrong = null;
        for (AxisForm form : forms) {
            boolean right = form.check();
            if (right && forms.stream().anyMatch(other -> forms.indexOf(other) < forms.indexOf(form)
                    && other.knob().equals(form.knob()))) {
                form.refuse(Text.of("sweep.flaw.same", SweepText.knob(form.knob())));
                right = false;
            }
            wrong = right || wrong != null ? wrong : form;
        }
        if (wrong != null) {
            wrong.focus();
            return;
        }
        Dom.enable(start, false);
        Dom.text(error, "");
        try {
            sweeps.begin(plan(), this::answered);
        } catch (GraphException tooLarge) {
            refuse(Reasons.text(tooLarge));
        }
    }

    private void answered(Denial denial) {
        if (denial == null) {
            dialog.close();
            begun.run();
        } else {
            refuse(SweepText.of(denial));
        }
    }

    private void refuse(String why) {
        Dom.enable(start, true);
        Dom.text(error, why);
        start.focus();
    }
}
