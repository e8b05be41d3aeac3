package dev.backstep.web.ui.autograd;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.GradFn;
import dev.backstep.engine.step.Why;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.canvas.Box;
import dev.backstep.web.value.ByteText;
import dev.backstep.web.value.TensorText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** One node of the backward graph: its name, who made it, its tensors, the gradient that arrived, what became of it. */
final class FnCard {
    final GradFn fn;
    final HTMLElement element = Dom.make("div", "fn");

    private final Tape tape;
    private final HTMLElement mark = Dom.make("span", "fn-mark");
    private final HTMLElement fate = Dom.make("span", "fn-fate");
    private final HTMLElement grad = Dom.make("span", "fn-value");
    private final HTMLElement gradRow = Dom.make("div", "fn-row grad");
    private final List<HTMLElement> saved = new ArrayList<>();
    private final List<HTMLElement> changes = new ArrayList<>();
    /** What does not change, in words. */
    private final StringBuilder story = new StringBuilder();
    private Face face;

    FnCard(Tape tape, GradFn fn) {
        this.tape = tape;
        this.fn = fn;
        element.setAttribute("role", "group");
        element.setAttribute("data-fn", String.valueOf(fn.id()));
        element.setAttribute("aria-roledescription", Text.of("autograd.node"));
        element.setTabIndex(-1);
        Dom.flag(element, "leaf", fn.variable() != null);
        Dom.flag(element, "above", fn.storey() > 0);
        HTMLElement name = Dom.make("span", "fn-name", fn.name());
        name.setTitle(fn.name());
        String maker = maker();
        HTMLElement by = Dom.make("span", "fn-by", maker);
        by.setTitle(maker);
        Dom.append(element, Dom.make("div", "fn-head", name, mark), Dom.make("div", "fn-sub", by, fate));
        story.append(fn.name()).append(", ").append(maker);
        rows();
        ports();
        Box box = tape.box(fn);
        element.getStyle().setProperty("height", box.height() + "px");
        element.getStyle().setProperty("transform", "translate(" + box.left() + "px," + box.top() + "px)");
    }

    private String maker() {
        Graph document = tape.playback.graph();
        if (fn.maker() != null) {
            return Text.of("autograd.madeBy", fn.maker().name());
        }
        if (fn.variable() != null) {
            return Text.of("autograd.collects", document.name(fn.variable()));
        }
        return fn.box() == null || document.node(fn.box()) == null ? ""
                : Text.of("autograd.at", document.node(fn.box()).label());
    }

    private void rows() {
        for (Port output : tape.outputs(fn)) {
            row("output", Text.of("autograd.output"), tensor(output));
        }
        Port gradient = tape.graph.gradOf(fn);
        if (gradient != null) {
            row("output", Text.of("autograd.output"), tape.playback.graph().name(gradient) + ".grad");
        }
        if (fn.variable() != null) {
            row("leaf", "variable", tensor(fn.variable()));
        }
        for (GradFn.Kept kept : fn.saved()) {
            String source = kept.source() == null ? "" : tape.playback.graph().name(kept.source()) + " ";
            HTMLElement row = row("saved", kept.name(), source + TensorText.shape(kept.shape()) + " "
                    + ByteText.of(kept.bytes()));
            row.setTitle(kept.name() + " = " + source + TensorText.shape(kept.shape()) + ", " + kept.dtype().torch()
                    + ", " + ByteText.of(kept.bytes()) + ", " + Text.of("autograd.version", kept.version()));
            HTMLElement change = Dom.make("span", "fn-change");
            row.insertBefore(change, row.getLastChild());
            saved.add(row);
            changes.add(change);
        }
        Dom.append(gradRow, Dom.make("span", "fn-kind", Text.of("autograd.grad")), grad);
        element.appendChild(gradRow);
    }

    private String tensor(Port port) {
        Tensor tensor = tape.tensor(port);
        Meta meta = tensor == null ? null : tensor.meta();
        String name = tape.playback.graph().name(port);
        return meta == null ? name : name + " " + TensorText.shape(meta.shape()) + " "
                + ByteText.of((long) tensor.numel() * meta.dtype().bytes());
    }

    private HTMLElement row(String kind, String label, String value) {
        HTMLElement row = Dom.make("div", "fn-row " + kind, Dom.make("span", "fn-kind", label),
                Dom.make("span", "fn-value", value));
        row.setTitle(label + ": " + value);
        element.appendChild(row);
        story.append(", ").append(label).append(' ').append(value);
        return row;
    }

    /** A dot for each entry of next_functions, with its number where there are several. */
    private void ports() {
        List<Edge> next = fn.node().next();
        for (int i = 0; i < next.size(); i++) {
            boolean none = next.get(i).node() == null;
            HTMLElement port = Dom.make("span", "fn-port" + (none ? " none" : ""),
                    next.size() > 1 ? String.valueOf(i) : "");
            port.setTitle(none ? Text.of("autograd.nextNone", i)
                    : Text.of("autograd.next", i, next.get(i).node().name(), next.get(i).inputNr()));
            port.getStyle().setProperty("left", Tape.portX(fn, i) + "px");
            element.appendChild(port);
            story.append(", ").append(port.getTitle());
        }
    }

    /** How a node stands at a step. */
    private record Face(boolean exists, boolean now, boolean refuses, int ran, boolean freed, List<Tensor> arrived,
            List<Integer> versions) {}

    /** Shows how it stands at a step; {@code refuses} says whether backward was refused here just now. */
    void show(int step, boolean refuses) {
        Tensor[] gradients = new Tensor[fn.node().outputs()];
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = tape.graph.arrivedAt(fn, i, step);
        }
        int ran = tape.graph.ranAt(fn, step);
        Face newFace = new Face(tape.graph.exists(fn, step), tape.graph.runningAt(step) == fn, refuses,
                ran < tape.span.first() ? Why.NONE : ran, tape.graph.isFreed(fn, step), Arrays.asList(gradients),
                fn.saved().stream().map(kept -> version(kept, step)).toList());
        if (!newFace.equals(face)) {
            face = newFace;
            element.setHidden(!face.exists());
            show();
        }
    }

    /** The version that the memory of what was kept has now. */
    private int version(GradFn.Kept kept, int step) {
        Tensor now = kept.source() == null ? null : tape.playback.timeline().valueAt(kept.source(), step);
        return now == null ? kept.version() : now.version();
    }

    private void show() {
        Dom.flag(element, "refuses", face.refuses());
        Dom.flag(element, "now", face.now());
        Dom.flag(element, "ran", face.ran() != Why.NONE);
        Dom.flag(element, "freed", face.freed());
        String state = face.refuses() ? Text.of("autograd.refuses") : face.now() ? Text.of("autograd.runsNow")
                : face.ran() != Why.NONE ? Text.of("autograd.ran", face.ran() + 1) : "";
        mark.setTextContent(state);
        String lost = face.freed() ? Text.of("autograd.freedAt", tape.graph.freedBy(fn) + 1) : "";
        fate.setTextContent(lost);
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < saved.size(); i++) {
            int kept = fn.saved().get(i).version();
            int now = face.versions().get(i);
            String change = now == kept ? "" : Text.of("autograd.written", kept, now);
            Dom.flag(saved.get(i), "gone", face.freed());
            Dom.flag(saved.get(i), "stale", now != kept && !face.freed());
            changes.get(i).setTextContent(change);
            written.append(change.isEmpty() ? "" : ", " + fn.saved().get(i).name() + " " + change);
        }
        String arrived = arrived();
        grad.setTextContent(arrived == null ? "—" : arrived);
        grad.setTitle(arrived == null ? "" : arrived);
        Dom.flag(gradRow, "none", arrived == null);
        element.setAttribute("aria-label", story + (state.isEmpty() ? "" : ", " + state)
                + (lost.isEmpty() ? "" : ", " + lost)
                + written + (arrived == null ? "" : ", " + Text.of("autograd.grad") + " " + arrived));
    }

    /** The gradients that have arrived, one for each output up to the last that has one; null where none has. */
    private String arrived() {
        StringBuilder text = new StringBuilder();
        List<Tensor> arrived = face.arrived();
        while (!arrived.isEmpty() && arrived.getLast() == null) {
            arrived = arrived.subList(0, arrived.size() - 1);
        }
        for (Tensor gradient : arrived) {
            text.append(text.isEmpty() ? "" : " · ")
                    .append(gradient == null ? Text.of("node.none") : TensorText.orNorm(gradient));
        }
        return arrived.isEmpty() ? null : text.toString();
    }
}
