package dev.backstep.web.session;

import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.web.session.EventKind.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * A timeline in the large: its phases, and where the runs in it begin.
 *
 * @param segments the phases, each as long as it can be, without gaps
 * @param runs the events that something new begins with, ascending; the first forward's too
 */
public record Track(int steps, List<Segment> segments, List<Integer> runs) {
    /** The events from one, from 0, to before another. */
    public record Segment(int from, int to, Phase phase) {}

    /** @param timeline null for none */
    public static Track of(Timeline timeline) {
        List<Segment> segments = new ArrayList<>();
        List<Integer> runs = new ArrayList<>();
        int size = timeline == null ? 0 : timeline.size();
        Phase phase = Phase.FORWARD;
        int from = 0;
        for (int i = 0; i < size; i++) {
            Event event = timeline.event(i);
            Phase here = EventKind.of(event).phase();
            boolean begins = i == 0 || event instanceof Event.Again || event instanceof Event.Start
                    || event instanceof Event.Acted;
            if (begins) {
                runs.add(i);
            }
            if (here != null && here != phase) {
                if (i > from) {
                    segments.add(new Segment(from, i, phase));
                }
                phase = here;
                from = i;
            }
        }
        if (size > from) {
            segments.add(new Segment(from, size, phase));
        }
        return new Track(size, segments, runs);
    }

    /** Which of the runs an event belongs to, from 0. */
    public int runOf(int event) {
        int run = 0;
        while (run + 1 < runs.size() && runs.get(run + 1) <= event) {
            run++;
        }
        return run;
    }
}
