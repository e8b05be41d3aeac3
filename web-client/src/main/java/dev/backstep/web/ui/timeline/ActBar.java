package dev.backstep.web.ui.timeline;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Timeline;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.NextAction;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Menu;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.List;
import java.util.function.Consumer;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * What one does next with a run: the lines of a training loop, one by one. Where there is room each has a button, else
 * one menu has them all. What cannot be done now says why.
 */
final class ActBar {
    private final Editor editor;
    private final Player player;
    private double learningRate = 0.1;
    private double maxNorm = 1;
    private double normType = 2;
    private double clipValue = 1;
    private Graph shownFor;
    private Timeline shownRun;
    private int shownSteps;
    private boolean shownComputing;
    private String shownIn;

    ActBar(Editor editor, Player player) {
        this.editor = editor;
        this.player = player;
        press(NextAction.FORWARD, this::forward);
        menu(NextAction.BACKWARD, this::fillBackward);
        menu(NextAction.ZERO_GRAD, this::fillZeroGrad);
        menu(NextAction.STEP, this::fillStep);
        menu(NextAction.CLIP, this::fillClip);
        press(NextAction.UPDATE, this::askUpdate);
        press(NextAction.TAKE_BACK, this::takeBack);
        press(NextAction.RESTART, this::restart);
        new Menu(Dom.byId("act-all"), this::fillAll);
    }

    private static HTMLElement button(NextAction action) {
        return Dom.byId("act-" + action.name().toLowerCase());
    }

    private void press(NextAction action, Runnable act) {
        Dom.on(button(action), "click", event -> {
            String missing = action.missing(editor.graph(), player);
            if (missing == null) {
                act.run();
            } else {
                Notices.tell(Text.of(missing));
            }
        });
    }

    private void menu(NextAction action, Consumer<Menu> fill) {
        new Menu(button(action), menu -> offer(menu, action, fill));
    }

    private void offer(Menu menu, NextAction action, Consumer<Menu> fill) {
        String missing = action.missing(editor.graph(), player);
        if (missing == null) {
            fill.accept(menu);
        } else {
            menu.unavailable(null, button(action).getAttribute("aria-label"), Text.of(missing));
        }
    }

    /** Makes it say what can be done, where anything but the step has changed since. */
    void show() {
        if (editor.graph() == shownFor && player.timeline() == shownRun && player.steps() == shownSteps
                && player.isComputing() == shownComputing && Text.language().equals(shownIn)) {
            return;
        }
        shownFor = editor.graph();
        shownRun = player.timeline();
        shownSteps = player.steps();
        shownComputing = player.isComputing();
        shownIn = Text.language();
        for (NextAction action : NextAction.values()) {
            HTMLElement button = button(action);
            String missing = action.missing(editor.graph(), player);
            Dom.attribute(button, "aria-disabled", missing == null ? null : "true");
            button.setTitle(Text.of(missing == null ? hint(action) : missing));
        }
    }

    private static String hint(NextAction action) {
        return switch (action) {
            case FORWARD -> "act.forward.hint";
            case BACKWARD -> "act.backward.hint";
            case ZERO_GRAD -> "act.zeroGrad.hint";
            case STEP -> "act.step.hint";
            case CLIP -> "act.clip.hint";
            case UPDATE -> "act.update.hint";
            case TAKE_BACK -> "act.takeBack";
            case RESTART -> "act.restart";
        };
    }

    private void act(Menu menu, String icon, String text, String note, Action action) {
        menu.item(icon, text, note, null, () -> player.act(action));
    }

    private void forward() {
        if (player.playback() == null) {
            player.forward();
        } else {
            player.act(new Action.Forward());
        }
    }

    private void fillBackward(Menu menu) {
        act(menu, "flag", "backward()", Text.of("act.backward.plain"), BackwardCall.PLAIN);
        act(menu, "flag", "backward(retain_graph=True)", Text.of("act.backward.retain"),
                new BackwardCall(null, null, true, false));
        menu.item("ellipsis", Text.of("act.backward.more"), Text.of("act.backward.moreNote"), null,
                () -> BackwardDialog.open(editor, player));
    }

    private void fillZeroGrad(Menu menu) {
        act(menu, "eraser", "zero_grad()", Text.of("act.zeroGrad.none"), new Action.ZeroGrad(true));
        act(menu, "eraser", "zero_grad(set_to_none=False)", Text.of("act.zeroGrad.zeros"),
                new Action.ZeroGrad(false));
    }

    private void fillStep(Menu menu) {
        Graph graph = editor.graph();
        for (GraphNode optimizer : NextAction.optimizers(graph)) {
            act(menu, "footprints", optimizer.label() + ".step()", null,
                    new Action.OptimizerStep(optimizer.id()));
        }
    }

    private void fillClip(Menu menu) {
        menu.item("scissors", "clip_grad_norm_…", Text.of("act.clip.norm"), null, this::askClipNorm);
        menu.item("scissors", "clip_grad_value_…", Text.of("act.clip.value"), null, this::askClipValue);
    }

    private void fillAll(Menu menu) {
        one(menu, NextAction.FORWARD, "repeat", Text.of("act.forward"), this::forward);
        menu.title(Text.of("act.backward"));
        offer(menu, NextAction.BACKWARD, this::fillBackward);
        menu.title("zero_grad");
        offer(menu, NextAction.ZERO_GRAD, this::fillZeroGrad);
        menu.title(Text.of("act.change"));
        offer(menu, NextAction.STEP, this::fillStep);
        offer(menu, NextAction.CLIP, this::fillClip);
        one(menu, NextAction.UPDATE, "pen-line", "w -= lr * w.grad…", this::askUpdate);
        menu.title(Text.of("act.whole"));
        one(menu, NextAction.TAKE_BACK, "undo-dot", Text.of("act.takeBack"), this::takeBack);
        one(menu, NextAction.RESTART, "rotate-ccw", Text.of("act.restart"), this::restart);
    }

    private void one(Menu menu, NextAction action, String icon, String text, Runnable act) {
        String missing = action.missing(editor.graph(), player);
        if (missing == null) {
            menu.item(icon, text, null, null, act);
        } else {
            menu.unavailable(icon, text, Text.of(missing));
        }
    }

    private void askClipNorm() {
        NumberDialog.ask("act.clip.normTitle", "act.clip", List.of(new NumberDialog.Field("act.clip.maxNorm", maxNorm),
                new NumberDialog.Field("act.clip.normType", normType)), numbers -> {
                    maxNorm = numbers[0];
                    normType = numbers[1];
                    player.act(new Action.ClipNorm(maxNorm, normType));
                });
    }

    private void askClipValue() {
        NumberDialog.ask("act.clip.valueTitle", "act.clip", List.of(
                new NumberDialog.Field("act.clip.limit", clipValue)), numbers -> {
                    clipValue = numbers[0];
                    player.act(new Action.ClipValue(clipValue));
                });
    }

    private void askUpdate() {
        NumberDialog.ask("act.update.title", "act.update.button", List.of(
                new NumberDialog.Field("act.update.lr", learningRate)), numbers -> {
                    learningRate = numbers[0];
                    player.act(new Action.Update(learningRate));
                });
    }

    private void takeBack() {
        Graph graph = editor.graph();
        List<Action> actions = player.playback().actions();
        int step = player.step();
        offerUndo(player::takeBack, Text.of("act.takenBack", name(actions.getLast())),
                () -> restore(graph, actions, step));
    }

    private void restart() {
        Graph graph = editor.graph();
        List<Action> actions = player.playback().actions();
        int step = player.step();
        offerUndo(player::forward, Text.of("act.restarted"), () -> restore(graph, actions, step));
    }

    /** Says that it was done once it is. */
    private void offerUndo(Runnable move, String done, Runnable undo) {
        player.inTurn(move, () -> Notices.offer(done, Text.of("notice.undo"), undo), () -> { });
    }

    /** The actions belong to the document that they were taken with. */
    private void restore(Graph graph, List<Action> actions, int step) {
        if (editor.graph() == graph) {
            player.replay(actions, step);
        }
    }

    private static String name(Action action) {
        return switch (action) {
            case BackwardCall _ -> "backward()";
            case Action.Forward _ -> Text.of("act.forward");
            case Action.ZeroGrad _ -> "zero_grad()";
            case Action.OptimizerStep _ -> "step()";
            case Action.ClipNorm clip -> "clip_grad_norm_(" + NumberText.of(clip.maxNorm()) + ")";
            case Action.ClipValue clip -> "clip_grad_value_(" + NumberText.of(clip.clipValue()) + ")";
            case Action.Update update -> "w -= " + NumberText.of(update.lr()) + " * w.grad";
            case Action.Penalty penalty -> Text.of("act.penalty", NumberText.of(penalty.weight()));
            case Action.Schedule schedule -> "lr = " + NumberText.of(schedule.lr());
        };
    }
}
