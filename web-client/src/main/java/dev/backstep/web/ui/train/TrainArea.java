package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.Figure;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.web.jso.Styles;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.train.ComputeServer;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.train.Training;
import dev.backstep.web.train.WorkerRun;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.ChartScript;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Settings;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** The area where the document is trained. What is not to be seen is not drawn, and not asked for. */
public final class TrainArea {
    /** How long after an edit the run before all training is made anew. */
    private static final int SOON_MS = 350;
    /** How often what is drawn is drawn anew while a run goes on; its numbers change with every frame. */
    private static final int DRAW_MS = 100;

    private final Editor editor;
    private final Training training;
    private final Stepping stepping;
    private final Starter starter;
    private final ServerPart server;
    private final Addition addition;
    private final HTMLElement body = Dom.byId("train-body");
    private final RunControls controls;
    private final Banners banners;
    private final Tiles tiles;
    private final Pictures pictures;
    private final CurveView curves;
    private final ProgramView program;
    private final WeightsPart weights;
    private final KeepPart keep;
    private final RunList runs;
    private final HTMLElement charts;
    private final HTMLElement loop;
    private final Runnable refresh = this::refresh;
    private boolean loaded;
    private Graph previewed;
    private double drawnAt;
    private boolean waiting;
    private String told = "";
    private String toldLost;

    public TrainArea(Editor editor, Player player, Training training, ComputeServer computeServer,
            Addition addition) {
        this.editor = editor;
        this.training = training;
        this.addition = addition;
        stepping = new Stepping(editor, player, training);
        starter = new Starter(editor, training, computeServer);
        Runnable changed = () -> Frames.request(refresh);
        HTMLElement top = Dom.make("div", "train-top");
        HTMLElement main = Dom.make("div", "train-main");
        HTMLElement side = Dom.make("div", "train-side");
        HTMLElement tabs = Dom.make("div", "train-tabs train-views");
        Dom.append(body, top, main, side);
        controls = new RunControls(training, starter, stepping, addition.button(), top);
        server = new ServerPart(training, top);
        top.appendChild(addition.part());
        banners = new Banners(training, starter, new ServerOffer(editor, training, starter), top);
        top.appendChild(tabs);
        tabs.setAttribute("role", "group");
        charts = Dom.button("train-tab", null, "", () -> view("charts"));
        loop = Dom.button("train-tab", null, "", () -> view("loop"));
        Dom.append(tabs, charts, loop);
        view(Settings.get("trainView", "charts"));
        tiles = new Tiles(training, main);
        runs = new RunList(training, side);
        pictures = new Pictures(training, "train.pictures", List.of(
                new Pictures.Choice(new BoundaryPicture(), Figure.BOUNDARY),
                new Pictures.Choice(new LinePicture(), Figure.LINE),
                new Pictures.Choice(new SamplesPicture(), Figure.PREDICTIONS),
                new Pictures.Choice(new ConfusionPicture(), Figure.CONFUSION)), main, changed);
        curves = new CurveView(training, runs::compared, main, changed);
        weights = new WeightsPart(training, main, changed);
        program = new ProgramView(editor, training, side);
        keep = new KeepPart(editor, training, side);
        side.appendChild(side.getFirstChild());
        training.changed.listen(changed);
        player.moved.listen(changed);
        training.listen(this::announce);
        Text.onChange(changed);
        Dom.on(Styles.matchMedia("(prefers-color-scheme: dark)"), "change", (Event event) -> theme());
    }

    /** Where there is no room for both, shows the charts or the loop. */
    private void view(String view) {
        body.setAttribute("data-view", view);
        charts.setAttribute("aria-pressed", String.valueOf(view.equals("charts")));
        loop.setAttribute("aria-pressed", String.valueOf(view.equals("loop")));
        Settings.put("trainView", view);
        Frames.request(refresh);
    }

    /** The colours are others. */
    public void theme() {
        pictures.forgetColours();
        weights.forgetColours();
        Frames.request(refresh);
    }

    /** The area is opened or closed. */
    public void opened() {
        if (!loaded && isVisible()) {
            loaded = true;
            WorkerRun.warm();
            starter.server().look();
            Background.run(this::load);
        }
        Frames.request(refresh);
    }

    private void load() {
        loaded = ChartScript.load();
        if (loaded) {
            curves.begin();
            Frames.request(refresh);
        }
    }

    /** Pauses the run, goes on with it, or begins one. */
    public void toggle() {
        starter.toggle();
    }

    /** The next event of a paused run, on the canvas. */
    public void event() {
        step(stepping::next);
    }

    /** Has the run do something that it does in this tab only; says so where it is elsewhere. */
    public void step(Runnable work) {
        String unable = starter.unable();
        if (unable == null) {
            work.run();
        } else {
            Notices.error(unable);
        }
    }

    private static boolean isVisible() {
        return !HTMLDocument.current().getBody().getClassList().contains("train-folded");
    }

    private void refresh() {
        tellLost();
        if (!isVisible()) {
            training.watch(Set.of());
            return;
        }
        EnumSet<Figure> figures = EnumSet.noneOf(Figure.class);
        figures.addAll(pictures.figures());
        figures.addAll(weights.figures());
        training.watch(figures);
        String missing = Trainable.missing(editor.graph());
        controls.show(missing);
        server.show();
        addition.show(missing);
        tiles.show();
        double now = Performance.now();
        if (training.isRunning() && now - drawnAt < DRAW_MS) {
            if (!waiting) {
                waiting = true;
                Window.setTimeout(() -> {
                    waiting = false;
                    Frames.request(refresh);
                }, DRAW_MS);
            }
            return;
        }
        drawnAt = now;
        preview(missing);
        Dom.text(charts.querySelector("span"), Text.of("train.view.charts"));
        int warnings = program.warningCount();
        Dom.text(loop.querySelector("span"),
                warnings == 0 ? Text.of("train.view.loop") : Text.of("train.view.loopWarned", warnings));
        Dom.flag(loop, "warned", warnings > 0);
        banners.show(missing);
        pictures.show();
        runs.show();
        curves.show();
        weights.show();
        program.show(stepping.part());
        keep.show();
    }

    /** Says that the run is lost where its banner is not to be seen. */
    private void tellLost() {
        if (!isVisible() && training.lost() != null && !training.lost().equals(toldLost)) {
            if (training.site() == Site.SERVER) {
                Notices.error(Banners.lost(training));
            } else {
                Notices.offer(Banners.lost(training), Text.of("train.goOn"), training::run);
            }
        }
        toldLost = training.lost();
    }

    /** Has a run at its beginning, so that data and what is predicted before all training are to be seen. */
    private void preview(String missing) {
        Graph graph = editor.graph();
        boolean due = missing == null && training.isFresh() && training.offered() == null && !training.isOfDocument();
        if (due && graph != previewed) {
            previewed = graph;
            Window.setTimeout(() -> {
                if (graph == editor.graph() && isVisible() && training.isFresh() && !training.isOfDocument()
                        && training.offered() == null) {
                    training.begin();
                }
            }, SOON_MS);
        }
    }

    /** Says what a listener should hear: where the run begins and where it stops. */
    private void announce(RunEvent event) {
        RunLog log = training.log();
        if (!(event instanceof RunEvent.At at)) {
            return;
        }
        String place = at.state() == State.RUNNING ? "" : at.state() + " " + at.batch();
        if (place.equals(told)) {
            return;
        }
        told = place;
        String loss = NumberText.of(log.losses().last());
        switch (at.state()) {
            case RUNNING -> Notices.announce(Text.of("train.say.running"));
            case PAUSED -> Notices.announce(Text.of("train.say.paused", at.batch(), loss));
            case DONE -> Notices.announce(Text.of("train.say.done", at.batch(), loss));
            case DIVERGED -> Notices.error(Text.of("train.diverged", at.batch()));
            case STOPPED -> Notices.announce(Text.of("train.say.stopped", at.batch()));
        }
    }
}
