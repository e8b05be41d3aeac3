package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Attrs;
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
        if (source.isTable()) {
            new ColumnsPart(context, node, form).fill(panel);
        }
        Samples samples = DataPicture.samples(attrs);
        if (samples != null) {
            DataBox.Parts parts = DataBox.TYPE.parts(attrs);
            String note = Text.of("data.count", parts.train().size(), parts.test().size());
            context.sections().add(panel, "data-look", Text.of("data.look"), note, true, body -> look(body, samples));
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
        HTMLElement table = Dom.make("table", "", Dom.make("thead", "", head), rows);
        HTMLElement scroll = Dom.make("div", "tensor data-rows", table);
        scroll.setTabIndex(0);
        scroll.setAttribute("role", "group");
        scroll.setAttribute("aria-label", Text.of("data.rows"));
        return scroll;
    }
}
