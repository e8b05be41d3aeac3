package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.Choice;
import dev.backstep.engine.data.Csv;
import dev.backstep.engine.data.DataException;
import dev.backstep.engine.data.Samples;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.session.Editor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.data.ClassColours;
import dev.backstep.web.ui.data.DataPicture;
import dev.backstep.web.ui.data.TableFile;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLOptionElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** A data box is selected: where its samples come from, what they look like, and how they are given. */
final class DataPart {
    private static final List<String> GIVEN = List.of("train_share", "standardize", "encoding", "batch_size",
            "shuffle", "drop_last");

    private final Context context;
    private final Editor editor;
    private final GraphNode node;
    private final Attrs attrs;
    private final Source source;
    private final AttrForm form;

    DataPart(Context context, GraphNode node) {
        this.context = context;
        this.editor = context.editor();
        this.node = node;
        this.attrs = NodeTypes.attrs(node);
        this.source = DataBox.source(attrs);
        this.form = new AttrForm(editor, node, "data.attr.");
    }

    void fill(HTMLElement panel) {
        HTMLElement rows = Dom.make("div", "form", Fields.row(Text.of("data.attr.source"), sources(), "source"));
        if (source == Source.CSV) {
            rows.appendChild(bringing());
        }
        for (String setting : source.isTable() ? List.<String>of() : source.settings()) {
            rows.appendChild(form.row(setting));
        }
        rows.appendChild(form.row("seed"));
        Dom.append(Parts.section(panel, Text.of("data.title")), rows);
        Csv table = table();
        if (table != null) {
            columns(panel, table);
        }
        Samples samples = DataPicture.samples(attrs);
        if (samples != null) {
            DataBox.Parts parts = DataBox.TYPE.parts(attrs);
            context.sections().add(panel, "data-look", Text.of("data.look"),
                    Text.of("data.count", parts.train().size(), parts.test().size()), true, body -> look(body, samples));
        }
        HTMLElement given = Dom.make("div", "form");
        for (String name : GIVEN) {
            if (!name.equals(DataBox.ENCODING) || samples == null || !samples.classes().isEmpty()) {
                given.appendChild(form.row(name));
            }
        }
        context.sections().add(panel, "data-given", Text.of("data.given"), "", true, body -> body.appendChild(given));
    }

    private HTMLElement sources() {
        HTMLSelectElement select = (HTMLSelectElement) Dom.make("select", "field");
        for (Source each : Source.values()) {
            HTMLOptionElement option = (HTMLOptionElement) Dom.make("option", "", Text.of("data.source." + each.id()));
            option.setAttribute("value", each.id());
            select.appendChild(option);
        }
        select.setValue(source.id());
        Dom.on(select, "change", event -> apply(node.attrs().with("source", select.getValue())
                .without("features").without("target").without("predict")));
        return select;
    }

    private void apply(Attrs changed) {
        editor.apply(Edits.update(editor.graph(), List.of(node.with(changed))));
    }

    /** The ways to bring a table. */
    private HTMLElement bringing() {
        HTMLElement file = Dom.button("action outlined", "upload", Text.of("data.file"),
                () -> TableFile.choose(this::take));
        file.setAttribute("data-field", "data-file");
        HTMLElement typed = Dom.button("action outlined", "clipboard-paste", Text.of("data.type"),
                () -> TableFile.type(attrs.text(DataBox.TABLE), this::take));
        typed.setAttribute("data-field", "data-type");
        return Dom.make("div", "data-bring", Dom.make("div", "buttons", file, typed),
                Dom.make("p", "form-help", Text.of("data.drop")));
    }

    private void take(String text) {
        editor.apply(DataEdits.table(editor.graph(), node.id(), text));
        Notices.announce(Text.of("data.took"));
    }

    private Csv table() {
        try {
            return source.isTable() ? source.csv(attrs) : null;
        } catch (DataException refused) {
            return null;
        }
    }

    private Choice choice() {
        try {
            return source.choice(attrs);
        } catch (DataException refused) {
            return null;
        }
    }

    /** The columns with their types, and what each is taken for. */
    private void columns(HTMLElement panel, Csv table) {
        Choice choice = choice();
        List<Csv.Problem> problems = choice == null ? table.problems(List.of()) : choice.problems();
        context.sections().add(panel, "data-columns-" + (source == Source.CSV), Text.of("data.columns"),
                Text.of("data.size", table.size() + brokenRows(table), table.columns().size()), source == Source.CSV, body -> {
                    if (source == Source.CSV) {
                        body.appendChild(Dom.make("p", "form-help", Text.of(table.hasHeader() ? "data.read.header"
                                : "data.read.plain", Text.of(separatorKey(table.separator())))));
                    }
                    body.appendChild(columnTable(table, choice));
                    body.appendChild(form.row("predict"));
                });
        if (!problems.isEmpty()) {
            HTMLElement section = context.sections().add(panel, "data-problems", Text.of("data.problems"),
                    Text.of("data.problems.count", problems.size()), true, body -> body.appendChild(list(problems)));
            Dom.flag(section, "data-problems", true);
        }
    }

    private static int brokenRows(Csv table) {
        return table.problems(List.of()).size();
    }

    private static String separatorKey(char separator) {
        return "data.separator." + (separator == '\t' ? "tab" : separator == ';' ? "semicolon" : "comma");
    }

    private HTMLElement columnTable(Csv table, Choice choice) {
        HTMLElement rows = Dom.make("tbody", "");
        for (int i = 0; i < table.columns().size(); i++) {
            rows.appendChild(columnRow(table.columns().get(i), i, choice));
        }
        HTMLElement head = Dom.make("thead", "", Dom.make("tr", "", heading("data.feature"), heading("data.target"),
                heading("data.column"), heading("data.type.name")));
        HTMLElement scroll = Dom.make("div", "data-columns", Dom.make("table", "", head, rows));
        scroll.setTabIndex(0);
        scroll.setAttribute("role", "group");
        scroll.setAttribute("aria-label", Text.of("data.columns"));
        return scroll;
    }

    private static HTMLElement heading(String key) {
        HTMLElement cell = Dom.make("th", "", Text.of(key));
        cell.setAttribute("scope", "col");
        return cell;
    }

    private HTMLElement columnRow(Csv.Column column, int index, Choice choice) {
        boolean usable = column.type() == Csv.Type.NUMBER || column.type() == Csv.Type.CATEGORY;
        boolean target = choice != null && choice.target() == index;
        var feature = Fields.checkbox(choice != null && choice.features().contains(index));
        feature.setAttribute("data-field", "feature-" + index);
        feature.setAttribute("aria-label", Text.of("data.feature.of", column.name()));
        feature.setDisabled(!usable || target);
        Dom.on(feature, "change", event -> toggle(index, feature.isChecked()));
        var aim = Fields.checkbox(target);
        aim.setType("radio");
        aim.setName("data-target");
        aim.setChecked(target);
        aim.setDisabled(!usable);
        aim.setAttribute("data-field", "target-" + index);
        aim.setAttribute("aria-label", Text.of("data.target.of", column.name()));
        Dom.on(aim, "change", event -> editor.apply(DataEdits.target(editor.graph(), node.id(), column.name())));
        String type = Text.of("data.type." + column.type().name());
        if (column.type() == Csv.Type.CATEGORY) {
            type += " (" + column.categories().size() + ")";
        }
        HTMLElement name = Dom.make("td", "data-column-name", column.name());
        name.setTitle(column.name());
        HTMLElement kind = Dom.make("td", "data-column-type", type);
        if (column.missing() > 0 && column.type() != Csv.Type.EMPTY) {
            kind.appendChild(Dom.make("span", "data-missing", Text.of("data.missing", column.missing())));
        }
        return Dom.make("tr", target ? "target" : "", Dom.make("td", "", feature), Dom.make("td", "", aim), name, kind);
    }

    private void toggle(int column, boolean on) {
        Csv table = table();
        Choice choice = choice();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            if (i == column ? on : choice != null && choice.features().contains(i)) {
                names.add(table.columns().get(i).name());
            }
        }
        if (names.isEmpty()) {
            Notices.error(Text.of("data.oneFeature"));
            editor.changed.fire();
        } else {
            editor.apply(DataEdits.features(editor.graph(), node.id(), names));
        }
    }

    /** The rows that are left out, by line with the reason. */
    private static HTMLElement list(List<Csv.Problem> problems) {
        HTMLElement list = Dom.make("ul", "data-problem-list");
        for (Csv.Problem problem : problems.subList(0, Math.min(problems.size(), 100))) {
            list.appendChild(Dom.make("li", "", Text.of("data.line", problem.line(), Text.of(
                    "data.problem." + problem.kind().name(), problem.column(), problem.found(), problem.wanted()))));
        }
        if (problems.size() > 100) {
            list.appendChild(Dom.make("li", "", Text.of("data.more", problems.size() - 100)));
        }
        return list;
    }

    private void look(HTMLElement body, Samples samples) {
        boolean images = DataPicture.isImages(samples);
        HTMLElement picture = DataPicture.draw(samples, 244, images ? 122 : 170);
        picture.setAttribute("role", "img");
        picture.setAttribute("aria-label", Text.of(images ? "data.images" : "data.scatter",
                DataPicture.axes(samples)));
        body.appendChild(picture);
        if (!images) {
            body.appendChild(Dom.make("p", "form-help data-axes", DataPicture.axes(samples)));
        }
        if (!samples.classes().isEmpty()) {
            body.appendChild(classes(samples));
        }
        body.appendChild(firstRows(samples));
    }

    private static HTMLElement classes(Samples samples) {
        int[] counts = new int[samples.classes().size()];
        Arrays.stream(samples.y().toLongs()).forEach(c -> counts[(int) c]++);
        HTMLElement list = Dom.make("ul", "data-classes");
        for (int i = 0; i < counts.length; i++) {
            HTMLElement dot = Dom.make("span", "data-dot");
            dot.getStyle().setProperty("background", ClassColours.of(i));
            list.appendChild(Dom.make("li", "", dot, Dom.make("span", "data-class", samples.classes().get(i)),
                    Dom.make("span", "data-class-count", "" + counts[i])));
        }
        return list;
    }

    /** The first samples in numbers. */
    private static HTMLElement firstRows(Samples samples) {
        int columns = Math.min(samples.features().size(), 8);
        int features = samples.features().size();
        double[] x = samples.x().toDoubles();
        double[] y = samples.y().toDoubles();
        HTMLElement head = Dom.make("tr", "");
        for (int k = 0; k < columns; k++) {
            head.appendChild(Dom.make("th", "", samples.features().get(k)));
        }
        if (columns < features) {
            head.appendChild(Dom.make("th", "", "…"));
        }
        head.appendChild(Dom.make("th", "", Text.of("data.target")));
        HTMLElement rows = Dom.make("tbody", "");
        for (int i = 0; i < Math.min(samples.size(), 6); i++) {
            HTMLElement row = Dom.make("tr", "");
            for (int k = 0; k < columns; k++) {
                row.appendChild(Dom.make("td", "", NumberText.brief(x[i * features + k])));
            }
            if (columns < features) {
                row.appendChild(Dom.make("td", "", "…"));
            }
            row.appendChild(Dom.make("td", "", samples.classes().isEmpty()
                    ? NumberText.brief(y[i]) : samples.classes().get((int) y[i])));
            rows.appendChild(row);
        }
        HTMLElement scroll = Dom.make("div", "tensor data-rows", Dom.make("table", "", Dom.make("thead", "", head), rows));
        scroll.setTabIndex(0);
        scroll.setAttribute("role", "group");
        scroll.setAttribute("aria-label", Text.of("data.rows"));
        return scroll;
    }
}
