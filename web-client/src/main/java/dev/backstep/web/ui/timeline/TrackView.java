package dev.backstep.web.ui.timeline;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.Timeline;
import dev.backstep.web.session.EventKind.Phase;
import dev.backstep.web.session.MemoryCurve;
import dev.backstep.web.session.Player;
import dev.backstep.web.session.Track;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ByteText;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.MouseEvent;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.TextRectangle;
import org.teavm.jso.dom.xml.Element;

/**
 * What lies under the slider: the phases of the run in colours, ticks where something begins, and the memory held. What
 * lies ahead is drawn fainter; both are drawn once a run, and a step only moves the border between them.
 */
final class TrackView {
    /** From each end of the slider to the middle of its thumb there, as in the style sheet. */
    private static final double INSET = 8;

    private final Player player;
    private final HTMLElement track = Dom.byId("track");
    private final HTMLElement phases = Dom.byId("track-phases");
    private final HTMLElement memory = Dom.byId("track-memory");
    private final HTMLElement tip = Dom.byId("track-tip");
    private final HTMLElement held = Dom.byId("memory-held");
    private final HTMLElement peak = Dom.byId("memory-peak");
    private Timeline drawn;
    private int drawnSize = -1;
    private Track runs;
    private MemoryCurve curve;

    TrackView(Player player) {
        this.player = player;
        Dom.on(track, "pointermove", this::hover);
        Dom.on(track, "pointerleave", (Event event) -> tip.setHidden(true));
    }

    void show() {
        Timeline timeline = player.timeline();
        if (timeline != drawn || player.steps() != drawnSize) {
            drawn = timeline;
            drawnSize = player.steps();
            draw(timeline);
        }
        double passed = drawnSize == 0 ? 0 : 100.0 * player.step() / drawnSize;
        track.getStyle().setProperty("--passed", passed + "%");
        Dom.flag(track, "empty", timeline == null);
        held.setTextContent(curve == null ? "" : Text.of("memory.held", ByteText.of(curve.at(player.step()))));
        peak.setTextContent(curve == null ? "" : Text.of("memory.peak", ByteText.of(curve.at(curve.peak()))));
        peak.setTitle(curve == null ? "" : Text.of("memory.peakAt", curve.peak()));
    }

    private void draw(Timeline timeline) {
        Dom.clear(phases);
        Dom.clear(memory);
        tip.setHidden(true);
        runs = Track.of(timeline);
        curve = timeline == null ? null : MemoryCurve.of(timeline);
        if (drawnSize == 0) {
            return;
        }
        for (String part : new String[] {"ahead", "passed"}) {
            Element picture = picture(part, drawnSize, 1);
            for (Phase phase : Phase.values()) {
                picture.appendChild(path("phase-" + phase.name().toLowerCase(), bands(phase)));
            }
            phases.appendChild(picture);
            Element area = picture(part, drawnSize, Math.max(1, curve.at(curve.peak())));
            area.appendChild(path("memory-area", area()));
            memory.appendChild(area);
        }
        if (runs.runs().size() > 1) {
            Element ticks = picture("ticks", drawnSize, 1);
            ticks.appendChild(path("run-ticks", ticks()));
            phases.appendChild(ticks);
        }
    }

    /** A picture stretched over the track: one unit across is one step. */
    private static Element picture(String part, int width, long height) {
        Element picture = Dom.svg("svg", part);
        picture.setAttribute("viewBox", "0 0 " + width + " " + height);
        picture.setAttribute("preserveAspectRatio", "none");
        return picture;
    }

    private static Element path(String classes, String lines) {
        Element path = Dom.svg("path", classes);
        path.setAttribute("d", lines);
        return path;
    }

    private String bands(Phase phase) {
        StringBuilder lines = new StringBuilder();
        for (Track.Segment segment : runs.segments()) {
            if (segment.phase() == phase) {
                lines.append('M').append(segment.from()).append(" 0H").append(segment.to()).append("V1H")
                        .append(segment.from()).append('Z');
            }
        }
        return lines.toString();
    }

    private String ticks() {
        StringBuilder lines = new StringBuilder();
        for (int begin : runs.runs().subList(1, runs.runs().size())) {
            lines.append('M').append(begin).append(" 0V1");
        }
        return lines.toString();
    }

    private String area() {
        long most = Math.max(1, curve.at(curve.peak()));
        StringBuilder lines = new StringBuilder("M0 ").append(most);
        long before = -1;
        for (int step = 0; step <= curve.steps(); step++) {
            long bytes = curve.at(step);
            if (bytes != before) {
                lines.append('H').append(step).append('V').append(most - bytes);
                before = bytes;
            }
        }
        return lines.append('H').append(curve.steps()).append('V').append(most).append('Z').toString();
    }

    private void hover(MouseEvent event) {
        if (drawnSize <= 0) {
            return;
        }
        TextRectangle place = track.getBoundingClientRect();
        double share = (event.getClientX() - place.getLeft() - INSET) / (place.getWidth() - 2 * INSET);
        int step = Math.clamp(Math.round(share * drawnSize), 0, drawnSize);
        Graph graph = player.playback().graph();
        Dom.clear(tip);
        if (step == 0) {
            tip.appendChild(Dom.make("b", "", Text.of("timeline.start")));
        } else {
            int run = runs.runOf(step - 1);
            int begin = runs.runs().get(run);
            tip.appendChild(Dom.make("b", "",
                    Text.of("timeline.at", step, EventNames.of(graph, drawn.event(step - 1)))));
            if (begin != step - 1) {
                tip.appendChild(Dom.make("span", "", Text.of("timeline.since", run + 1,
                        EventNames.of(graph, drawn.event(begin)))));
            }
        }
        tip.appendChild(Dom.make("span", "", Text.of("memory.held", ByteText.of(curve.at(step)))));
        tip.setHidden(false);
        double middle = INSET + (place.getWidth() - 2 * INSET) * step / drawnSize;
        double half = tip.getOffsetWidth() / 2.0;
        double left = Math.clamp(middle, half, Math.max(half, place.getWidth() - half));
        tip.getStyle().setProperty("left", left + "px");
    }
}
