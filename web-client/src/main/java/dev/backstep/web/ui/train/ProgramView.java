package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.LoopBox;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.train.Loop;
import dev.backstep.engine.train.Loop.Part;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.LoopEdits;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/**
 * The training loop as a program: a switch for each line that can be left out, the numbers that belong to it, and what
 * goes wrong there. Everything changed here is an edit of the document.
 */
final class ProgramView {
    private static final double SOME_PENALTY = 0.01;
    private static final double SOME_LIMIT = 1;

    private final Editor editor;
    private final Training training;
    private final HTMLElement lines = Dom.make("ol", "program");
    private final Set<Part> open = EnumSet.noneOf(Part.class);
    private Graph shown;
    private List<String> shownWarnings;
    private Part shownAt;
    private String shownIn;

    ProgramView(Editor editor, Training training, HTMLElement parent) {
        this.editor = editor;
        this.training = training;
        HTMLElement heading = Dom.make("h3", "", Text.of("train.program"));
        Text.onChange(() -> heading.setTextContent(Text.of("train.program")));
        parent.appendChild(Dom.make("section", "train-part train-program", heading, lines));
    }

    /** @param at the line that a paused run stands at, or null */
    void show(Part at) {
        List<String> warnings = warnings();
        if (shown == editor.graph() && warnings.equals(shownWarnings) && at == shownAt
                && Text.language().equals(shownIn)) {
            return;
        }
        shown = editor.graph();
        shownWarnings = warnings;
        shownAt = at;
        shownIn = Text.language();
        String focused = focused();
        Dom.clear(lines);
        for (Loop.Line line : Loop.of(shown).lines(shown)) {
            lines.appendChild(item(line, at));
        }
        HTMLElement again = focused == null ? null : lines.querySelector("[data-line='" + focused + "']");
        if (again != null) {
            again.focus();
        }
    }

    /** Which control has the focus, so that it has it again once the list was made anew. */
    private String focused() {
        HTMLElement element = lines.querySelector(":focus");
        return element == null ? null : element.getAttribute("data-line");
    }

    private HTMLElement item(Loop.Line line, Part at) {
        HTMLElement code = Dom.make("code", "", line.code());
        code.setTitle(line.code());
        HTMLElement row = Dom.make("div", "program-row", control(line), code);
        boolean hasFields = !fields(line).isEmpty();
        if (hasFields) {
            row.appendChild(more(line));
        }
        HTMLElement item = Dom.make("li", "program-line", row);
        Dom.flag(item, "off", !line.on());
        Dom.flag(item, "here", line.part() == at);
        item.setAttribute("data-part", line.part().name());
        item.getStyle().setProperty("--depth", String.valueOf(line.depth()));
        if (line.part() == at) {
            item.setAttribute("aria-current", "step");
        }
        if (hasFields && open.contains(line.part())) {
            HTMLElement fields = Dom.make("div", "program-fields");
            fields(line).forEach(attr -> fields.appendChild(field(attr, line)));
            item.appendChild(fields);
        }
        for (RunEvent.Warning warning : latest(line.part())) {
            item.appendChild(Dom.make("p", "program-warning", text(warning)));
        }
        return item;
    }

    private HTMLElement control(Loop.Line line) {
        if (line.attributes().isEmpty() || !isSwitch(line.part())) {
            return Dom.make("span", "program-space");
        }
        HTMLInputElement box = (HTMLInputElement) Dom.make("input", "");
        box.setType("checkbox");
        box.setChecked(line.on());
        box.setAttribute("aria-label", Text.of("train.line.switch", line.code()));
        box.setAttribute("data-line", line.part() + ".switch");
        Dom.on(box, "change", event -> {
            put(line.attributes().getFirst(), switched(line.part(), box.isChecked()));
            Notices.announce(Text.of(box.isChecked() ? "train.line.on" : "train.line.off", line.code()));
        });
        return Dom.make("label", "switch small", box);
    }

    private static boolean isSwitch(Part part) {
        return switch (part) {
            case ZERO_GRAD, PENALTY, CLIP_NORM, CLIP_VALUE, STEP, SCHEDULE -> true;
            case EPOCHS, BATCHES, FORWARD, BACKWARD -> false;
        };
    }

    /** What the line's first attribute says where it is on, or off. */
    private static Object switched(Part part, boolean on) {
        return switch (part) {
            case ZERO_GRAD -> (Object) on;
            case PENALTY -> on ? SOME_PENALTY : null;
            case CLIP_NORM, CLIP_VALUE -> on ? SOME_LIMIT : null;
            case STEP -> on ? LoopBox.OPTIMIZER : LoopBox.NONE;
            case SCHEDULE -> on ? LoopBox.STEP_LR : LoopBox.NONE;
            case EPOCHS, BATCHES, FORWARD, BACKWARD -> throw new IllegalArgumentException(part.name());
        };
    }

    /** The attributes that are more than the line's switch, and mean something as the program stands. */
    private List<String> fields(Loop.Line line) {
        List<String> fields = new ArrayList<>();
        Object update = LoopEdits.value(editor.graph(), LoopBox.UPDATE);
        Object schedule = LoopEdits.value(editor.graph(), LoopBox.SCHEDULE);
        for (String attr : line.attributes()) {
            boolean means = switch (attr) {
                case "zero_grad" -> false;
                case "lr" -> LoopBox.BY_HAND.equals(update);
                case "step_size", "gamma" -> LoopBox.STEP_LR.equals(schedule);
                case "t_max" -> LoopBox.COSINE.equals(schedule);
                case "penalty", "clip_norm", "clip_value" -> line.on();
                // Stands at backward too, where it divides the loss.
                case "accumulate" -> line.part() == Part.BACKWARD;
                default -> true;
            };
            if (means) {
                fields.add(attr);
            }
        }
        return fields;
    }

    private HTMLElement more(Loop.Line line) {
        boolean isOpen = open.contains(line.part());
        String name = Text.of("train.line.more", line.code());
        HTMLElement button = Dom.iconButton("tool small", "chevron-right", name, () -> {
            if (!open.remove(line.part())) {
                open.add(line.part());
            }
            shown = null;
            show(shownAt);
        });
        Icons.change(button, isOpen ? "chevron-down" : "chevron-right");
        button.setAttribute("aria-expanded", String.valueOf(isOpen));
        button.setAttribute("data-line", line.part() + ".more");
        return button;
    }

    private HTMLElement field(String attr, Loop.Line line) {
        AttrSpec spec = LoopEdits.spec(attr);
        Object value = LoopEdits.value(editor.graph(), attr);
        HTMLElement field;
        if (spec.choices().isEmpty()) {
            HTMLInputElement input = (HTMLInputElement) Dom.make("input", "field");
            input.setAttribute("inputmode", "decimal");
            input.setAttribute("autocomplete", "off");
            input.setValue(value == null ? "" : NumberText.exact(((Number) value).doubleValue()));
            Dom.on(input, "change", event -> take(spec, input));
            field = input;
        } else {
            HTMLSelectElement select = (HTMLSelectElement) Dom.make("select", "field");
            for (String choice : spec.choices()) {
                HTMLElement option = Dom.make("option", "", choice);
                option.setAttribute("value", choice);
                select.appendChild(option);
            }
            select.setValue(String.valueOf(value));
            Dom.on(select, "change", event -> put(attr, select.getValue()));
            field = select;
        }
        field.setId("program-" + line.part().name() + "-" + attr);
        field.setAttribute("data-line", line.part() + "." + attr);
        HTMLElement label = Dom.make("label", "", attr);
        label.setAttribute("for", field.getId());
        return Dom.make("div", "program-field", label, field);
    }

    private void take(AttrSpec spec, HTMLInputElement field) {
        double number;
        try {
            number = Double.parseDouble(field.getValue().strip());
        } catch (NumberFormatException none) {
            number = Double.NaN;
        }
        boolean whole = spec.kind() == AttrSpec.Kind.INT;
        boolean bad = Double.isNaN(number) || whole && number != Math.rint(number);
        Dom.attribute(field, "aria-invalid", bad ? "true" : null);
        if (bad) {
            Notices.error(Text.of(whole ? "attr.error.INT" : "attr.error.NUMBER", spec.name()));
        } else {
            put(spec.name(), whole ? (Object) (long) number : (Object) number);
        }
    }

    private void put(String attr, Object value) {
        try {
            editor.apply(LoopEdits.set(editor.graph(), attr, value));
        } catch (GraphException refused) {
            Notices.error(refused.getMessage());
        }
    }

    /** What the list shows of warnings, so that it is made anew when they change. */
    private List<String> warnings() {
        Set<String> texts = new TreeSet<>();
        for (Part part : Part.values()) {
            latest(part).forEach(warning -> texts.add(part + text(warning)));
        }
        return List.copyOf(texts);
    }

    /** How many kinds of warnings there are. */
    int warningCount() {
        return warnings().size();
    }

    /** The last warning of each kind that concerns a line. */
    private List<RunEvent.Warning> latest(Part part) {
        List<RunEvent.Warning> latest = new ArrayList<>();
        if (training.log() == null) {
            return latest;
        }
        for (RunEvent.Warning warning : training.log().warnings().reversed()) {
            boolean newKind = latest.stream().noneMatch(other -> other.code().equals(warning.code()));
            if (part(warning.code()) == part && newKind) {
                latest.add(warning);
            }
        }
        return latest;
    }

    private static Part part(String code) {
        return switch (code) {
            case "not_cleared" -> Part.ZERO_GRAD;
            case "not_updated" -> Part.STEP;
            case "dead_relu" -> Part.FORWARD;
            default -> Part.BACKWARD;
        };
    }

    private String text(RunEvent.Warning warning) {
        return Warnings.text(training.trained(), warning);
    }
}
