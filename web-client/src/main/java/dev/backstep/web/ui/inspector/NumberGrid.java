package dev.backstep.web.ui.inspector;

import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.value.HeatMap;
import dev.backstep.web.value.LensText;
import dev.backstep.web.value.TensorText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * A tensor's numbers behind a window: as many cells as can be seen, whatever the size, over an empty space that
 * scrolls. The last dimension makes columns, all before it rows. Arrow keys, the pointer and a finger choose a number.
 */
final class NumberGrid {
    private static final int ROW = 24;
    private static final int MAX_ROWS = 6;

    /** Room for columns in the narrowest panel. */
    private static final int WIDTH = 272;

    private static final int SCROLLBAR = 12;

    /** Browsers do not make elements of any height. */
    private static final double MAX_SPACE = 4e6;

    private static int made;

    final HTMLElement element = Dom.make("div", "grid");

    private final Tensor tensor;
    private final double[] values;
    private final int[] shape;
    private final int rows;
    private final int columns;
    private final int seenRows;
    private final int seenColumns;
    private final int cellWidth;
    private final double rowStep;
    private final double columnStep;
    private final String id = "grid-" + made++;
    private final List<HTMLElement> rowElements = new ArrayList<>();
    private final List<HTMLElement> rowHeads = new ArrayList<>();
    private final List<HTMLElement> columnHeads = new ArrayList<>();
    private final List<HTMLElement> cells = new ArrayList<>();
    private final Runnable draw = this::draw;
    private int firstRow;
    private int firstColumn;
    /** The number that was chosen, -1 for none. */
    private int chosen = -1;
    private IntPredicate lit = _ -> false;
    private IntConsumer pointed = _ -> { };
    private IntConsumer kept = _ -> { };

    NumberGrid(Tensor tensor, String name) {
        this.tensor = tensor;
        values = tensor.toDoubles();
        shape = tensor.shape();
        rows = HeatMap.rows(shape);
        columns = shape.length == 0 ? 1 : shape[shape.length - 1];
        int headWidth = shape.length > 1 ? headWidth() : 0;
        cellWidth = cellWidth();
        seenRows = Math.min(rows, MAX_ROWS);
        seenColumns = Math.clamp((WIDTH - headWidth) / cellWidth, 1, columns);
        rowStep = rows == seenRows ? ROW : Math.min(ROW, MAX_SPACE / (rows - seenRows));
        columnStep = columns == seenColumns ? cellWidth : Math.min(cellWidth, MAX_SPACE / (columns - seenColumns));
        element.setTabIndex(0);
        element.setAttribute("role", "grid");
        element.setAttribute("aria-label", name + " " + TensorText.shape(shape));
        element.setAttribute("aria-readonly", "true");
        element.setAttribute("aria-rowcount", String.valueOf(rows));
        element.setAttribute("aria-colcount", String.valueOf(columns));
        build(headWidth);
        Dom.on(element, "scroll", event -> scrolled());
        Dom.on(element, "keydown", this::key);
        Dom.on(element, "click", event -> choose(at(event)));
        // Not pointerover: what scrolls under a pointer at rest is not pointed at.
        Dom.on(element, "pointermove", event -> point(at(event)));
        Dom.on(element, "pointerleave", event -> point(-1));
        Dom.on(element, "focus", event -> {
            if (chosen < 0) {
                choose(0);
            }
        });
        draw();
    }

    private int headWidth() {
        return 14 + 7 * rowName(rows - 1).length();
    }

    private int cellWidth() {
        int longest = 1;
        for (int i = 0; i < values.length && i < 1_000; i++) {
            longest = Math.max(longest, TensorText.number(values[i], tensor.dtype()).length());
        }
        // Digits of the font are seven to eight pixels wide, wider where they are lit.
        return Math.clamp(14 + 38 * longest / 5, 34, 92);
    }

    private void build(int headWidth) {
        HTMLElement window = Dom.make("div", "grid-window");
        window.setAttribute("role", "presentation");
        if (columns > 1) {
            HTMLElement head = Dom.make("div", "grid-row head");
            head.setAttribute("role", "row");
            if (headWidth > 0) {
                head.appendChild(sized(Dom.make("div", "grid-corner"), headWidth));
            }
            for (int c = 0; c < seenColumns; c++) {
                HTMLElement cell = sized(Dom.make("div", "grid-head"), cellWidth);
                cell.setAttribute("role", "columnheader");
                columnHeads.add(cell);
                head.appendChild(cell);
            }
            window.appendChild(head);
        }
        for (int r = 0; r < seenRows; r++) {
            HTMLElement row = Dom.make("div", "grid-row");
            row.setAttribute("role", "row");
            rowElements.add(row);
            if (headWidth > 0) {
                HTMLElement head = sized(Dom.make("div", "grid-head"), headWidth);
                head.setAttribute("role", "rowheader");
                rowHeads.add(head);
                row.appendChild(head);
            }
            for (int c = 0; c < seenColumns; c++) {
                HTMLElement cell = sized(Dom.make("div", "grid-cell"), cellWidth);
                cell.setAttribute("role", "gridcell");
                cell.setId(id + "-" + r + "-" + c);
                cell.setAttribute("data-cell", r + " " + c);
                cells.add(cell);
                row.appendChild(cell);
            }
            window.appendChild(row);
        }
        boolean wide = columns > seenColumns;
        boolean tall = rows > seenRows;
        int width = headWidth + seenColumns * cellWidth;
        int height = (seenRows + (columns > 1 ? 1 : 0)) * ROW;
        HTMLElement space = Dom.make("div", "grid-space", window);
        space.setAttribute("role", "presentation");
        space.getStyle().setProperty("width", width + (columns - seenColumns) * columnStep + "px");
        space.getStyle().setProperty("height", height + (rows - seenRows) * rowStep + "px");
        element.getStyle().setProperty("width", width + (tall ? SCROLLBAR : 0) + 2 + "px");
        element.getStyle().setProperty("height", height + (wide ? SCROLLBAR : 0) + 2 + "px");
        Dom.flag(element, "wide", wide);
        Dom.flag(element, "tall", tall);
        element.appendChild(space);
    }

    private static HTMLElement sized(HTMLElement cell, int width) {
        cell.getStyle().setProperty("width", width + "px");
        return cell;
    }

    /** Tells which number the pointer is on or was on last, or the keys chose. */
    NumberGrid onPoint(IntConsumer listener) {
        pointed = listener;
        Dom.flag(element, "asks", true);
        return this;
    }

    /** Lights the elements of which that is true, and shows the first of them. */
    void light(int first, IntPredicate which) {
        lit = which;
        if (first >= 0) {
            reveal(first);
        }
        draw();
    }

    /**
     * Has the focus and the chosen number outlive this grid, in the next one of that key: panels are made anew at each
     * step.
     *
     * @param places the number chosen by key
     */
    void keep(String key, Map<String, Integer> places) {
        element.setAttribute("data-field", "grid-" + Integer.toHexString(key.hashCode()));
        kept = index -> places.put(key, index);
        int before = places.getOrDefault(key, -1);
        if (before >= 0 && before < values.length) {
            chosen = before;
            // It can be scrolled once it is on the page.
            Frames.request(() -> {
                reveal(before);
                draw();
            });
        }
    }

    /** Chooses a number as if by hand. */
    void choose(int index) {
        if (index < 0) {
            return;
        }
        chosen = index;
        reveal(index);
        draw();
        kept.accept(index);
        pointed.accept(index);
    }

    /** Where none was chosen, the last one stays told of: what is said of it has a button, and room that moves others. */
    private void point(int index) {
        if (index >= 0 || chosen >= 0) {
            pointed.accept(index >= 0 ? index : chosen);
        }
    }

    private int at(Event event) {
        HTMLElement target = (HTMLElement) event.getTarget();
        String place = target.getAttribute("data-cell");
        if (place == null) {
            return -1;
        }
        int space = place.indexOf(' ');
        return (firstRow + Integer.parseInt(place.substring(0, space))) * columns + firstColumn
                + Integer.parseInt(place.substring(space + 1));
    }

    private void scrolled() {
        int row = (int) Math.round(element.getScrollTop() / rowStep);
        int column = (int) Math.round(element.getScrollLeft() / columnStep);
        int newRow = Math.clamp(row, 0, rows - seenRows);
        int newColumn = Math.clamp(column, 0, columns - seenColumns);
        if (newRow != firstRow || newColumn != firstColumn) {
            firstRow = newRow;
            firstColumn = newColumn;
            Frames.request(draw);
        }
    }

    private void reveal(int index) {
        int row = index / columns;
        int column = index % columns;
        int newRow = Math.clamp(firstRow, Math.max(0, row - seenRows + 1), row);
        int newColumn = Math.clamp(firstColumn, Math.max(0, column - seenColumns + 1), column);
        if (newRow != firstRow || newColumn != firstColumn) {
            firstRow = newRow;
            firstColumn = newColumn;
            element.setScrollTop((int) Math.round(newRow * rowStep));
            element.setScrollLeft((int) Math.round(newColumn * columnStep));
        }
    }

    private void key(KeyboardEvent event) {
        int row = Math.max(0, chosen) / columns;
        int column = Math.max(0, chosen) % columns;
        boolean all = event.isCtrlKey() || event.isMetaKey();
        switch (event.getKey()) {
            case "ArrowUp" -> row--;
            case "ArrowDown" -> row++;
            case "ArrowLeft" -> column--;
            case "ArrowRight" -> column++;
            case "PageUp" -> row -= seenRows;
            case "PageDown" -> row += seenRows;
            case "Home" -> {
                column = 0;
                row = all ? 0 : row;
            }
            case "End" -> {
                column = columns - 1;
                row = all ? rows - 1 : row;
            }
            default -> {
                return;
            }
        }
        event.preventDefault();
        event.stopPropagation();
        choose(Math.clamp(row, 0, rows - 1) * columns + Math.clamp(column, 0, columns - 1));
    }

    private void draw() {
        for (int c = 0; c < columnHeads.size(); c++) {
            columnHeads.get(c).setTextContent(String.valueOf(firstColumn + c));
        }
        for (int r = 0; r < seenRows; r++) {
            rowElements.get(r).setAttribute("aria-rowindex", String.valueOf(firstRow + r + 1));
            if (!rowHeads.isEmpty()) {
                rowHeads.get(r).setTextContent(rowName(firstRow + r));
            }
            for (int c = 0; c < seenColumns; c++) {
                int index = (firstRow + r) * columns + firstColumn + c;
                HTMLElement cell = cells.get(r * seenColumns + c);
                cell.setTextContent(TensorText.number(values[index], tensor.dtype()));
                cell.setAttribute("aria-colindex", String.valueOf(firstColumn + c + 1));
                cell.setClassName("grid-cell" + (lit.test(index) ? " lit" : "") + (index == chosen ? " chosen" : ""));
            }
        }
        int row = chosen / columns - firstRow;
        int column = chosen % columns - firstColumn;
        boolean seen = chosen >= 0 && row >= 0 && row < seenRows && column >= 0 && column < seenColumns;
        Dom.attribute(element, "aria-activedescendant", seen ? id + "-" + row + "-" + column : null);
    }

    /** The indices of a row: {@code 2}, or {@code 0, 2} where there are more dimensions. */
    private String rowName(int row) {
        String whole = LensText.index(shape, row * columns);
        return whole.substring(1, whole.lastIndexOf(','));
    }
}
