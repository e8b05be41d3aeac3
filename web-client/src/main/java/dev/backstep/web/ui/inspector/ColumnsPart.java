package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.Choice;
import dev.backstep.engine.data.Csv;
import dev.backstep.engine.data.DataException;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.session.Editor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** The table of a data box: its columns with their types, what each is taken for, and the rows that are left out. */
final class ColumnsPart {
    private final Context context;
    private final Editor editor;
    private final GraphNode node;
    private final Attrs attrs;
    private final Source source;
    private final AttrForm form;

    ColumnsPart(Context context, GraphNode node, AttrForm form) {
        this.context = context;
        this.editor = context.editor();
        this.node = node;
        this.attrs = NodeTypes.attrs(node);
        this.source = DataBox.source(attrs);
        this.form = form;
    }

    void fill(HTMLElement panel) {
        Csv table = table();
        if (table == null) {
            return;
        }
        Choice choice = choice();
        List<Csv.Problem> problems = choice == null ? table.problems(List.of()) : choice.problems();
        boolean own = source == Source.CSV;
        context.sections().add(panel, "data-columns-" + own, Text.of("data.columns"),
                Text.of("data.size", table.size() + brokenRows(table), table.columns().size()), own, body -> {
                    if (own) {
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

    private Csv table() {
        try {
            return source.csv(attrs);
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
}
