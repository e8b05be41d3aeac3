package dev.backstep.web.ui.sweep;

import dev.backstep.web.train.Csv;
import dev.backstep.web.train.SweepTable;
import dev.backstep.web.train.SweepTable.Row;
import dev.backstep.web.train.SweepWatch;
import dev.backstep.web.train.Sweeps;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.ChartScript;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Download;
import dev.backstep.web.ui.LinkCopy;
import dev.backstep.web.ui.Text;
import java.util.function.Consumer;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLElement;

/** The open sweep: how far it is, its runs as a table, their losses as a chart. */
final class SweepView {
    /** How long it is said that the link was copied. */
    private static final int COPIED_MS = 6_000;

    private final Sweeps sweeps;
    private final SweepWatch watch;
    private final Consumer<String> openRun;
    private final Dialog dialog = new Dialog(Text.of("sweep.view.title"));
    private final HTMLElement stand = Dom.make("p", "sweep-stand");
    private final HTMLElement error = Dom.make("p", "form-error");
    private final HTMLElement stop = Dom.button("action outlined", "square", Text.of("sweep.stop"), this::stop);
    private final HTMLElement link = Dom.button("action outlined", "link", Text.of("train.server.link"),
            this::copy);
    private final HTMLElement csv = Dom.button("action outlined", "download", "CSV", this::save);
    /** What came of copying; the table's news do not write over it. */
    private final HTMLElement said = Dom.make("p", "form-help");
    private final SweepGrid grid = new SweepGrid(this::openRun);
    private final SweepChart chart;
    /** What the server answered when it was asked to stop; null where it did. */
    private String refused;

    /** @param openRun opens a run in the train area */
    SweepView(Sweeps sweeps, Consumer<String> openRun) {
        this.sweeps = sweeps;
        this.openRun = openRun;
        watch = sweeps.watch();
        chart = new SweepChart(watch);
    }

    void open(Runnable closed) {
        stand.setAttribute("role", "status");
        error.setAttribute("role", "alert");
        said.setAttribute("role", "status");
        csv.setId("sweep-csv");
        csv.setTitle(Text.of("train.export.csv"));
        stop.setId("sweep-stop");
        link.setId("sweep-link");
        Dom.append(dialog.body(),
                Dom.make("div", "sweep-head", stand, Dom.make("div", "buttons", stop, link, csv), said), error,
                grid.frame(), Dom.make("p", "form-help", Text.of("sweep.view.help")), chart.section());
        dialog.onClose(() -> {
            chart.close();
            closed.run();
        });
        dialog.open();
        show();
        Background.run(() -> {
            if (ChartScript.load()) {
                chart.begin();
            }
        });
    }

    /** Shows what is known now. */
    void show() {
        SweepTable table = watch.table();
        Dom.text(stand, SweepText.stand(watch));
        Dom.text(error, refused != null ? refused : table == null || watch.denial() == null ? ""
                : SweepText.of(watch.denial()));
        boolean over = table != null && table.over();
        Dom.enable(stop, table != null && !over && sweeps.isOwn());
        stop.setTitle(sweeps.isOwn() ? "" : Text.of("train.server.watched"));
        Dom.enable(csv, table != null);
        grid.frame().setHidden(table == null);
        if (table != null) {
            grid.show(table);
        }
        chart.show();
    }

    private void stop() {
        refused = null;
        sweeps.stop(denial -> {
            refused = SweepText.of(denial);
            show();
        });
    }

    private void openRun(Row row) {
        sweeps.own(row.run());
        dialog.close();
        openRun.accept(row.run());
    }

    private void copy() {
        LinkCopy.of("/?sweep=" + watch.id(), () -> {
            Dom.text(said, Text.of("sweep.copied"));
            Window.setTimeout(() -> Dom.text(said, ""), COPIED_MS);
        }, address -> Dom.text(said, address));
    }

    private void save() {
        Download.text("backstep-sweep.csv", Csv.of(SweepSheet.of(watch.table())));
    }
}
