package dev.backstep.web.ui.train;

import dev.backstep.engine.train.Figure;
import dev.backstep.web.jso.ResizeObserver;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLCanvasElement;
import org.teavm.jso.dom.html.HTMLElement;

/** One of several pictures of a run, chosen by tabs, on a canvas; what it says stands in the canvas's name. */
final class Pictures {
    /** A picture and the figure that a run must be asked for to have it. */
    record Choice(Picture picture, Figure figure) {}

    private final Training training;
    private final List<Choice> choices;
    private final HTMLElement section;
    private final HTMLElement tabs = Dom.make("div", "train-tabs");
    private final HTMLElement extra = Dom.make("div", "train-extra");
    private final HTMLElement empty = Dom.make("p", "hint train-empty");
    private final HTMLCanvasElement canvas = (HTMLCanvasElement) Dom.make("canvas", "train-canvas");
    private final List<Choice> shown = new ArrayList<>();
    private Choice chosen;
    private boolean byHand;
    private Palette palette;
    /** What is on the canvas. */
    private Object drawn;
    private String font;
    private double width;

    /** @param heading the message that names them together */
    Pictures(Training training, String heading, List<Choice> choices, HTMLElement parent, Runnable resized) {
        this.training = training;
        this.choices = choices;
        chosen = choices.getFirst();
        tabs.setAttribute("role", "group");
        canvas.setAttribute("role", "img");
        HTMLElement head = Dom.make("div", "train-head", tabs);
        section = Dom.make("section", "train-part", head, extra, canvas, empty);
        new PictureMenu(training::log, () -> chosen.picture(), head);
        Text.onChange(() -> {
            tabs.setAttribute("aria-label", Text.of(heading));
            shown.clear();
        });
        tabs.setAttribute("aria-label", Text.of(heading));
        parent.appendChild(section);
        new ResizeObserver(entries -> {
            if (section.getClientWidth() != (int) width) {
                resized.run();
            }
        }).observe(section);
    }

    /** Where further choices of the picture stand. */
    HTMLElement extra() {
        return extra;
    }

    Picture picture() {
        return chosen.picture();
    }

    /** The theme is another one. */
    void forgetColours() {
        palette = null;
    }

    /** What the run must be asked for: what is chosen, and where nothing is yet, all there is to choose from. */
    Set<Figure> figures() {
        EnumSet<Figure> figures = EnumSet.noneOf(Figure.class);
        RunLog log = training.log();
        for (Choice choice : choices) {
            if (choice == chosen || log == null || !choice.picture().isThere(log)) {
                figures.add(choice.figure());
            }
        }
        return figures;
    }

    void show() {
        RunLog log = training.log();
        List<Choice> there = log == null ? List.of()
                : choices.stream().filter(choice -> choice.picture().isThere(log))
                        .sorted(Comparator.comparingInt(choice -> choice.picture().rank(log))).toList();
        if (!there.isEmpty() && (!there.contains(chosen) || !byHand && chosen != there.getFirst())) {
            chosen = there.getFirst();
        }
        makeTabs(there.isEmpty() ? List.of(chosen) : there);
        boolean nothing = there.isEmpty();
        canvas.setHidden(nothing);
        extra.setHidden(nothing);
        empty.setHidden(!nothing);
        if (nothing) {
            Dom.text(empty, Text.of("train.picture.none"));
        } else {
            draw(log);
        }
    }

    private void makeTabs(List<Choice> there) {
        if (there.equals(shown)) {
            return;
        }
        shown.clear();
        shown.addAll(there);
        Dom.clear(tabs);
        for (Choice choice : there) {
            HTMLElement tab = Dom.button("train-tab", null, Text.of(choice.picture().title()), () -> {
                chosen = choice;
                byHand = true;
                mark();
                training.changed.fire();
            });
            tabs.appendChild(tab);
        }
        mark();
    }

    private void mark() {
        for (int i = 0; i < shown.size(); i++) {
            ((HTMLElement) tabs.getChildNodes().item(i)).setAttribute("aria-pressed",
                    String.valueOf(shown.get(i) == chosen));
        }
    }

    private void draw(RunLog log) {
        width = section.getClientWidth();
        if (width < 40) {
            return;
        }
        if (palette == null) {
            palette = Palette.shown();
            font = PictureMenu.font();
        }
        Object of = List.of(chosen, chosen.picture().told(log), width, palette, Text.language());
        if (of.equals(drawn)) {
            return;
        }
        drawn = of;
        double scale = Math.max(1, Window.current().getDevicePixelRatio());
        double high = Math.round(chosen.picture().height(log, width));
        canvas.getStyle().setProperty("height", high + "px");
        canvas.setWidth((int) Math.round(scale * width));
        canvas.setHeight((int) Math.round(scale * high));
        CanvasPen pen = new CanvasPen(canvas, scale, font);
        chosen.picture().draw(log, pen, palette, width, high);
        String said = chosen.picture().said(log);
        if (!said.equals(canvas.getAttribute("aria-label"))) {
            canvas.setAttribute("aria-label", said);
        }
    }
}
