package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.train.Loop;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.Past;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** The run and those before it, with what set them apart and how they ended; one of those is drawn beside the run. */
final class RunList {
    private final Training training;
    private final HTMLElement section;
    private final HTMLElement heading = Dom.make("h3", "", "");
    private final HTMLElement list = Dom.make("ul", "run-list");
    private final HTMLElement now = Dom.make("span", "run-text", "");
    private Past chosen;
    private boolean none;
    private String shown = "";

    RunList(Training training, HTMLElement parent) {
        this.training = training;
        section = Dom.make("section", "train-part", heading, list);
        parent.appendChild(section);
    }

    /** The run that the present one is compared with: the one chosen, else the last on the same data; null for none. */
    Past compared() {
        List<Past> past = training.past();
        if (none || past.contains(chosen)) {
            return none ? null : chosen;
        }
        String source = training.trained() == null ? "" : source(training.trained());
        return past.stream().filter(run -> source(run.graph()).equals(source)).findFirst().orElse(null);
    }

    private static String source(Graph graph) {
        GraphNode data = Loop.data(graph);
        return data == null ? "" : NodeTypes.attrs(data).text("source");
    }

    void show() {
        section.setHidden(training.past().isEmpty());
        if (training.log() != null && !section.isHidden()) {
            // In place: buttons that are made anew at every batch cannot be pressed.
            Dom.text(now, text(training.number(), training.trained(), training.log(), training.site() == Site.SERVER));
        }
        String key = Text.language() + (training.log() != null) + training.past().stream().map(RunList::text).toList()
                + (compared() == null ? 0 : compared().number());
        if (key.equals(shown)) {
            return;
        }
        shown = key;
        Dom.text(heading, Text.of("train.runs"));
        Dom.clear(list);
        if (training.log() != null) {
            list.appendChild(Dom.make("li", "run-item now", Dom.make("span", "run-line now", ""), now));
        }
        for (Past past : training.past()) {
            boolean on = compared() == past;
            String name = Text.of("train.runs.compare", past.number());
            HTMLElement compare = Dom.iconButton("tool small", "chart-spline", name, () -> {
                none = compared() == past;
                chosen = past;
                training.changed.fire();
            });
            compare.setAttribute("aria-pressed", String.valueOf(on));
            HTMLElement forget = Dom.iconButton("tool small", "x", Text.of("train.runs.forget", past.number()),
                    () -> training.forget(past));
            HTMLElement item = Dom.make("li", "run-item", Dom.make("span", "run-line" + (on ? "" : " off"), ""),
                    Dom.make("span", "run-text", text(past)), compare, forget);
            if (past.server() != null) {
                item.insertBefore(back(past), compare);
            }
            list.appendChild(item);
        }
    }

    /** The way back to a run on the server. */
    private static HTMLElement back(Past past) {
        HTMLElement link = Dom.make("a", "tool small");
        link.setAttribute("href", ServerPart.address(past.server()));
        link.appendChild(Icons.make("link"));
        Dom.label(link, Text.of("train.runs.back", past.number()));
        return link;
    }

    private static String text(Past past) {
        return text(past.number(), past.graph(), past.log(), past.server() != null);
    }

    private static String text(int number, Graph graph, RunLog log, boolean onServer) {
        StringBuilder text = new StringBuilder(Text.of("train.runs.name", number)).append(": ");
        RunEvent.EpochEnd end = log.lastEpoch();
        text.append(Text.of("train.runs.batches", log.batch()));
        double loss = end != null && !Double.isNaN(end.trainLoss()) ? end.trainLoss() : log.losses().last();
        if (!Double.isNaN(loss) || log.batch() > 0) {
            text.append(", ").append(Text.of("train.curve.loss")).append(' ').append(NumberText.brief(loss));
        }
        if (end != null && !Double.isNaN(end.testAccuracy())) {
            text.append(", ").append(Tiles.share(end.testAccuracy()));
        }
        Loop loop = Loop.of(graph);
        text.append(" · seed ").append(loop.seed());
        if (!loop.zeroGrad()) {
            text.append(", ").append(Text.of("train.runs.noZero"));
        }
        if (loop.accumulate() > 1) {
            text.append(", accumulate ").append(loop.accumulate());
        }
        if (loop.clipNorm() != null) {
            text.append(", clip ").append(NumberText.brief(loop.clipNorm()));
        }
        if (loop.penalty() != null) {
            text.append(", penalty ").append(NumberText.brief(loop.penalty()));
        }
        if (onServer) {
            text.append(" · ").append(Text.of("train.server.on"));
        }
        return text.toString();
    }
}
