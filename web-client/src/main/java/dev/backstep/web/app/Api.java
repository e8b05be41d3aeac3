package dev.backstep.web.app;

import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.SafeJson;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.step.State;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Entry;
import dev.backstep.web.jso.Assets;
import dev.backstep.web.jso.PlaygroundObject;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.devices.DeviceText;
import dev.backstep.web.ui.share.LinkText;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSError;
import org.teavm.jso.core.JSNumber;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.core.JSUndefined;
import org.teavm.jso.json.JSON;

/** {@code window.backstep}, as docs/embedding.md describes it. Values cross as JSON. */
final class Api {
    static final String VERSION = "0.1.0";

    private final Editor editor;
    private final Player player;
    private final Opening opening;
    private final TrainApi train;
    private final Devices devices;
    private final PlaygroundObject object = JSObjects.create();
    private Runnable resolve;

    Api(Editor editor, Player player, Opening opening, TrainApi train, Devices devices) {
        this.editor = editor;
        this.player = player;
        this.opening = opening;
        this.train = train;
        this.devices = devices;
    }

    /** Puts the object into the page; its {@code ready} waits for {@link #ready}. */
    PlaygroundObject publish() {
        object.setReady(new JSPromise<>((done, failed) -> resolve = () -> done.accept(JSUndefined.instance())));
        object.setVersion(VERSION);
        object.setLoad(this::load);
        object.setDocument(nothing -> JSON.parse(GraphJson.write(editor.graph())));
        object.setForward(nothing -> moving(player::forward));
        object.setBackward(options -> moving(() -> player.act(call(options))));
        object.setStep(count -> moving(() -> player.seek(player.step() + number(count, 1))));
        object.setSeek(step -> moving(() -> player.seek(number(step, 0))));
        object.setState(nothing -> state());
        object.setTrain(train::train);
        object.setRuns(nothing -> train.runs());
        object.setOn((event, listener) -> {
            Runnable end = train.on(((JSString) event).stringValue(), listener::call);
            return nothing -> {
                end.run();
                return JSUndefined.instance();
            };
        });
        object.setLink(nothing -> later(() -> JSString.valueOf(LinkText.write(player.shared(Text.language())))));
        object.setDevices(nothing -> later(() -> JSON.parse(devices())));
        Assets.global("backstep", object);
        return object;
    }

    private String devices() {
        devices.want();
        var writer = JsonWriter.string().array();
        for (Entry entry : devices.entries()) {
            writer.object().value("name", entry.name()).value("kind", entry.kind()).value("ready", entry.isReady());
            writer.value("reason", DeviceText.reason(entry)).end();
        }
        return writer.end().done();
    }

    /** Lets the page around this one hear events of a name, as {@link TrainApi#on}. */
    void hear(String event, Consumer<JSObject> listener) {
        train.on(event, listener);
    }

    /** The page is up. */
    void ready() {
        resolve.run();
    }

    /** What cannot be read changes nothing; what can takes the place of what is being computed, too. */
    private JSObject load(JSObject document) {
        SharedRun read;
        try {
            read = Opening.read(text(document));
        } catch (RuntimeException refused) {
            return later(() -> {
                throw refused;
            });
        }
        player.cancel();
        return moving(() -> opening.replace(read));
    }

    /** A promise of a move, after those before it; what it throws rejects the promise, and so does cancelling it. */
    private JSObject moving(Runnable move) {
        return new JSPromise<JSObject>((done, failed) -> {
            JSError[] refused = new JSError[1];
            player.inTurn(() -> {
                try {
                    move.run();
                } catch (RuntimeException refusal) {
                    refused[0] = new JSError(refusal.getMessage());
                }
            }, () -> {
                if (refused[0] == null) {
                    done.accept(JSUndefined.instance());
                } else {
                    failed.accept(refused[0]);
                }
            }, () -> failed.accept(new JSError("cancelled: the run was stopped before it was done")));
        });
    }

    /** A promise of what {@code work} gives, which may wait; what it throws rejects the promise. */
    private static JSPromise<JSObject> later(Supplier<JSObject> work) {
        return new JSPromise<>((done, failed) -> Background.run(() -> {
            JSObject result;
            try {
                result = work.get();
            } catch (RuntimeException refused) {
                failed.accept(new JSError(refused.getMessage()));
                return;
            }
            done.accept(result);
        }));
    }

    private static String text(JSObject document) {
        return JSString.isInstance(document) ? ((JSString) document).stringValue() : JSON.stringify(document);
    }

    private static int number(JSObject argument, int fallback) {
        return JSObjects.isUndefined(argument) ? fallback : ((JSNumber) argument).intValue();
    }

    private BackwardCall call(JSObject options) {
        return JSObjects.isUndefined(options) ? BackwardCall.PLAIN
                : BackwardCall.read(SafeJson.parse(JSON.stringify(options)), editor.graph(), "options");
    }

    private JSObject state() {
        Playback playback = player.playback() != null ? player.playback() : Playback.leaves(editor.graph());
        return JSON.parse(JsonWriter.string(State.of(playback, player.step())));
    }
}
