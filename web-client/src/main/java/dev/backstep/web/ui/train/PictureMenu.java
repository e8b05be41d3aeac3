package dev.backstep.web.ui.train;

import dev.backstep.web.jso.Styles;
import dev.backstep.web.train.Csv;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Download;
import dev.backstep.web.ui.Menu;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.List;
import java.util.function.Supplier;
import org.teavm.jso.dom.html.HTMLCanvasElement;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** What can be made of a picture: a table to read, files to keep. */
final class PictureMenu {
    private static final double WIDTH = 720;
    private static final double SCALE = 2;
    /** A table longer than that is for a file. */
    private static final int MAX_ROWS = 400;

    private final Supplier<RunLog> run;
    private final Supplier<Picture> picture;

    PictureMenu(Supplier<RunLog> run, Supplier<Picture> picture, HTMLElement parent) {
        this.run = run;
        this.picture = picture;
        HTMLElement button = Dom.iconButton("tool small", "ellipsis", Text.of("train.export"), () -> { });
        button.setAttribute("aria-haspopup", "menu");
        Text.onChange(() -> Dom.label(button, Text.of("train.export")));
        parent.appendChild(button);
        new Menu(button, this::fill);
    }

    private void fill(Menu menu) {
        Picture shown = picture.get();
        RunLog log = run.get();
        if (log == null || shown == null || !shown.isThere(log)) {
            menu.unavailable(null, Text.of("train.export"), Text.of("train.export.nothing"));
            return;
        }
        menu.item("table-2", Text.of("train.export.table"), null, null, () -> table(shown, log));
        menu.line();
        menu.item("download", "CSV", Text.of("train.export.csv"), null,
                () -> Download.text(name(shown) + ".csv", Csv.of(shown.rows(log))));
        menu.item("download", "PNG", Text.of("train.export.png"), null, () -> png(shown, log));
        menu.item("download", "SVG", Text.of("train.export.svg"), null, () -> {
            double height = shown.height(log, WIDTH);
            Palette palette = Palette.shown();
            SvgPen pen = new SvgPen(WIDTH, height, palette.ground());
            shown.draw(log, pen, palette, WIDTH, height);
            Download.text(name(shown) + ".svg", pen.done());
        });
    }

    private static String name(Picture picture) {
        String title = picture.title();
        return "backstep-" + title.substring(title.lastIndexOf('.') + 1);
    }

    private static void table(Picture picture, RunLog log) {
        Dialog dialog = new Dialog(Text.of(picture.title()));
        dialog.body().appendChild(Dom.make("p", "hint", picture.said(log)));
        List<List<String>> rows = picture.rows(log);
        HTMLElement table = Dom.make("table", "train-table");
        int left = Math.max(0, rows.size() - 1 - MAX_ROWS);
        for (int i = 0; i < rows.size(); i++) {
            if (i > 0 && i <= left) {
                continue;
            }
            HTMLElement row = Dom.make("tr", "");
            for (String cell : rows.get(i)) {
                row.appendChild(i == 0 ? Dom.make("th", "", cell) : Dom.make("td", "", brief(cell)));
            }
            table.appendChild(row);
        }
        if (left > 0) {
            dialog.body().appendChild(Dom.make("p", "hint", Text.of("train.export.last", MAX_ROWS, rows.size() - 1)));
        }
        HTMLElement frame = Dom.make("div", "train-table-frame", table);
        frame.setAttribute("tabindex", "0");
        frame.setAttribute("role", "region");
        frame.setAttribute("aria-label", Text.of(picture.title()));
        dialog.body().appendChild(frame);
        dialog.open();
    }

    /** Files hold numbers in full; who reads wants few digits. */
    private static String brief(String cell) {
        try {
            return cell.indexOf('.') < 0 ? cell : NumberText.of(Double.parseDouble(cell));
        } catch (NumberFormatException noNumber) {
            return cell;
        }
    }

    private static void png(Picture picture, RunLog log) {
        double height = picture.height(log, WIDTH);
        HTMLCanvasElement canvas = (HTMLCanvasElement) Dom.make("canvas", "");
        canvas.setWidth((int) (SCALE * WIDTH));
        canvas.setHeight((int) (SCALE * height));
        Palette palette = Palette.shown();
        CanvasPen pen = new CanvasPen(canvas, SCALE, font());
        pen.rect(0, 0, WIDTH, height, palette.ground());
        picture.draw(log, pen, palette, WIDTH, height);
        Download.of(name(picture) + ".png", canvas.toDataURL("image/png"));
    }

    static String font() {
        return Styles.computed(HTMLDocument.current().getBody(), "font-family");
    }
}
