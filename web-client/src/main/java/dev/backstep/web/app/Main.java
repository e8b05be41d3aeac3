package dev.backstep.web.app;

import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Notebook;
import dev.backstep.web.jso.Platform;
import dev.backstep.web.jso.PlaygroundObject;
import dev.backstep.web.jso.WorkerScope;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;
import dev.backstep.web.train.ComputeServer;
import dev.backstep.web.train.HttpRunServer;
import dev.backstep.web.train.Store;
import dev.backstep.web.train.Sweeps;
import dev.backstep.web.train.Training;
import dev.backstep.web.train.WorkerRun;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Settings;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.autograd.AutogradView;
import dev.backstep.web.ui.autograd.ViewSwitch;
import dev.backstep.web.ui.canvas.Canvas;
import dev.backstep.web.ui.data.TableLoader;
import dev.backstep.web.ui.devices.DevicesDialog;
import dev.backstep.web.ui.inspector.Inspector;
import dev.backstep.web.ui.palette.Palette;
import dev.backstep.web.ui.sweep.SweepPart;
import dev.backstep.web.ui.timeline.TimelineBar;
import dev.backstep.web.ui.train.TrainArea;
import org.teavm.jso.browser.Location;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/** Where the pages start: the playground, or the measurements. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Autograd.singleThreaded();
        if (WorkerScope.isHere()) {
            RunWorker.listen();
            return;
        }
        HTMLElement page = HTMLDocument.current().getDocumentElement();
        if ("bench".equals(page.getAttribute("data-page"))) {
            Bench.publish();
        } else {
            Background.run(Main::start);
        }
    }

    private static Devices devices() {
        Notebook kept = new Notebook() {
            @Override
            public String get(String name) {
                return Settings.get(name, null);
            }

            @Override
            public void put(String name, String value) {
                Settings.put(name, value);
            }
        };
        Devices devices = new Devices(kept);
        DeviceOpeners.addAll(devices, kept);
        WorkerRun.devices(() -> WorkerDevices.told(devices, kept), devices::soon);
        return devices;
    }

    private static void start() {
        boolean embedded = Location.current().getSearch().matches("\\?(.*&)?embed(=.*|&.*)?");
        Dom.flag(HTMLDocument.current().getBody(), "embedded", embedded);
        Icons.fill();
        Areas areas = new Areas();
        Editor editor = new Editor();
        Player player = new Player(editor, new PageTurns());
        HealthCheck health = new HealthCheck(player);
        Devices devices = devices();
        Canvas canvas = new Canvas(Dom.byId("canvas-view"), editor, player, health, devices);
        Palette palette = new Palette(canvas, areas::closeSheets);
        Inspector inspector = new Inspector(editor, player, health, devices);
        canvas.opened.listen(() -> {
            areas.open("inspector");
            inspector.focus();
        });
        canvas.askedDevice.listen(() -> {
            areas.open("inspector");
            inspector.open("device");
        });
        ViewSwitch views = new ViewSwitch(new AutogradView(Dom.byId("autograd"), editor, player), canvas::fit);
        new TimelineBar(editor, player);
        new TableLoader(editor, () -> {
            editor.refresh();
            player.again();
            canvas.showData();
        });
        Opening opening = new Opening(editor, player, canvas);
        Examples examples = new Examples(opening, () -> areas.open("train"));
        new TopBar(editor, player, areas, opening, new DevicesDialog(devices));
        new DeviceChoice(devices, editor, player);
        TopBar.addCanvasTools(canvas, health);
        new Welcome(editor, examples);
        Training training = new Training(editor, WorkerRun::start, embedded ? null : new Store());
        HttpRunServer http = new HttpRunServer();
        ComputeServer server = new ComputeServer(http);
        Sweeps sweeps = new Sweeps(http, Platform::isHidden);
        SweepPart sweepPart = new SweepPart(editor, server, sweeps);
        TrainArea train = new TrainArea(editor, player, training, server, sweepPart);
        areas.trained.listen(train::opened);
        training.changed.listen(() -> canvas.mode(training.mode()));
        Look.themed.listen(train::theme);
        train.opened();
        opening.opened.listen(() -> training.look(() -> Notices.alsoOffer(
                Text.of("train.offer", training.offered().batch()), Text.of("train.offer.take"), () -> {
                    areas.open("train");
                    training.takeOffer();
                })));
        new Shortcuts(editor, player, palette, areas, views, health, training, train);
        RunAddress address = new RunAddress(editor, training, server, opening, () -> areas.open("train"));
        sweepPart.onRun(address::open);
        SweepAddress sweepAddress = new SweepAddress(sweeps);
        Api api = new Api(editor, player, opening, new TrainApi(editor, training, server), devices);
        PlaygroundObject object = api.publish();
        Look.start();
        if (embedded) {
            Embedding.listen(object, api);
        } else {
            SharedRun saved = Autosave.restore();
            if (saved != null) {
                opening.restore(saved);
            }
            new Autosave(editor, player);
        }
        opening.link();
        address.open();
        if (sweepAddress.open()) {
            areas.open("train");
            sweepPart.open();
        }
        Dom.byId("loading").delete();
        api.ready();
        if (embedded) {
            Embedding.announce();
        }
        examples.load();
        devices.soon("simd");
    }
}
