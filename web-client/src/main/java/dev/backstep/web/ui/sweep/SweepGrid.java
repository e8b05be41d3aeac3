package dev.backstep.web.ui.sweep;

import dev.backstep.web.train.SweepTable;
import dev.backstep.web.train.SweepTable.Column;
import dev.backstep.web.train.SweepTable.Row;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** The runs of a sweep as a table: a row each, sorted by the column that was chosen, the best one marked. */
final class SweepGrid {
    private final Consumer<Row> opened;
    private final HTMLElement frame = Dom.make("div", "train-table-frame");
    private final HTMLElement body = Dom.make("tbody", "");
    private final List<Head> heads = new ArrayList<>();
    private final Map<String, Line> lines = new HashMap<>();
    private SweepTable table;
    private Head sorted;
    private boolean falling;

    /**
     * A column; the first is of the runs' numbers.
     *
     * @param axis the axis whose values it has, or -1
     * @param column what else it has, or null
     */
    private record Head(HTMLElement cell, int axis, Column column) {
        List<Row> sort(SweepTable table, boolean falling) {
            return axis >= 0 ? table.byAxis(axis, falling) : column != null ? table.by(column, falling)
                    : falling ? table.rows().reversed() : table.rows();
        }
    }

    /** A row, its cells behind that of its number, and the mark of the best. */
    private record Line(HTMLElement row, List<HTMLElement> cells, HTMLElement best) {}

    SweepGrid(Consumer<Row> opened) {
        this.opened = opened;
        frame.setAttribute("tabindex", "0");
        frame.setAttribute("role", "region");
        frame.setAttribute("aria-label", Text.of("sweep.table"));
    }

    HTMLElement frame() {
        return frame;
    }

    void show(SweepTable shown) {
        table = shown;
        if (heads.isEmpty()) {
            begin();
        }
        Row best = table.best();
        for (Row row : table.rows()) {
            Line line = lines.computeIfAbsent(row.run(), run -> make(row));
            for (int i = 0; i < line.cells().size(); i++) {
                Dom.text(line.cells().get(i), text(row, heads.get(i + 1)));
            }
            Dom.flag(line.row(), "best", row == best);
            line.best().setHidden(row != best);
        }
        order();
    }

    private static String text(Row row, Head head) {
        return head.axis() >= 0 ? SweepText.value(row.values().get(head.axis())) : SweepText.cell(row, head.column());
    }

    private void begin() {
        HTMLElement row = Dom.make("tr", "");
        head(row, Text.of("sweep.column.run"), -1, null);
        for (int i = 0; i < table.axes().size(); i++) {
            head(row, table.axes().get(i), i, null);
        }
        for (Column column : Column.values()) {
            head(row, SweepText.column(column), -1, column);
        }
        HTMLElement grid = Dom.make("table", "train-table sweep-table", Dom.make("thead", "", row), body);
        frame.appendChild(grid);
        sorted = heads.getFirst();
    }

    private void head(HTMLElement row, String name, int axis, Column column) {
        HTMLElement cell = Dom.make("th", "");
        cell.setAttribute("scope", "col");
        Head head = new Head(cell, axis, column);
        cell.appendChild(Dom.button("sweep-sort", null, name, () -> sort(head)));
        heads.add(head);
        row.appendChild(cell);
    }

    private void sort(Head head) {
        falling = head == sorted && !falling;
        sorted = head;
        order();
    }

    private Line make(Row row) {
        HTMLElement line = Dom.make("tr", "");
        HTMLElement swatch = Dom.make("i", "sweep-swatch");
        swatch.getStyle().setProperty("background", "var(" + SweepChart.colour(row.number()) + ")");
        HTMLElement open = Dom.button("sweep-open", null, String.valueOf(row.number()), () -> { });
        open.insertBefore(swatch, open.getFirstChild());
        Dom.label(open, Text.of("sweep.openRun", row.number()));
        HTMLElement best = Dom.make("span", "badge leaf", Text.of("sweep.best"));
        HTMLElement first = Dom.make("th", "", open, best);
        first.setAttribute("scope", "row");
        line.appendChild(first);
        List<HTMLElement> cells = new ArrayList<>();
        for (int i = 1; i < heads.size(); i++) {
            HTMLElement cell = Dom.make("td", heads.get(i).column() == Column.STATE ? "sweep-state" : "");
            cells.add(cell);
            line.appendChild(cell);
        }
        // A click on its button comes here too.
        Dom.on(line, "click", event -> opened.accept(row));
        return new Line(line, cells, best);
    }

    /** Puts the rows in order; what has the focus keeps it. */
    private void order() {
        for (Head head : heads) {
            Dom.attribute(head.cell(), "aria-sort", head != sorted ? null : falling ? "descending" : "ascending");
        }
        List<Row> rows = sorted.sort(table, falling);
        HTMLElement focused = HTMLDocument.current().getActiveElement();
        boolean moved = false;
        for (int i = 0; i < rows.size(); i++) {
            HTMLElement row = lines.get(rows.get(i).run()).row();
            HTMLElement there = (HTMLElement) body.getChildNodes().get(i);
            if (there != row) {
                body.insertBefore(row, there);
                moved = true;
            }
        }
        if (moved && focused != null) {
            focused.focus();
        }
    }
}
