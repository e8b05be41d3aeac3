package dev.backstep.web.session;

import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.Timeline;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of the event log that a filter shows, in order, and the steps behind them. An event has a row, and one for
 * each node that let go of what it kept in it: PyTorch frees that in the same breath, so it is no step of its own.
 */
public final class ShownEvents {
    private final Timeline timeline;
    /** The index in the timeline of each row's event. */
    private final int[] events;
    /** Which of the freed nodes of its event each row is, or -1 for the event itself. */
    private final int[] parts;

    private ShownEvents(Timeline timeline, int[] events, int[] parts) {
        this.timeline = timeline;
        this.events = events;
        this.parts = parts;
    }

    /** @param timeline null for none */
    static ShownEvents of(Timeline timeline, EventFilter filter) {
        int all = timeline == null ? 0 : timeline.size();
        int[] events = new int[2 * all];
        int[] parts = new int[2 * all];
        int count = 0;
        for (int i = 0; i < all; i++) {
            int freed = filter.shows(EventKind.FREE) ? timeline.backwardGraph().freedIn(i).size() : 0;
            if (count + 1 + freed > events.length) {
                events = Arrays.copyOf(events, 2 * (count + 1 + freed));
                parts = Arrays.copyOf(parts, events.length);
            }
            if (filter.shows(EventKind.of(timeline.event(i)))) {
                events[count] = i;
                parts[count++] = -1;
            }
            for (int part = 0; part < freed; part++) {
                events[count] = i;
                parts[count++] = part;
            }
        }
        return new ShownEvents(timeline, Arrays.copyOf(events, count), Arrays.copyOf(parts, count));
    }

    /** How many rows there are. */
    public int size() {
        return events.length;
    }

    /** The index in the timeline of the event of the row at that place. */
    public int event(int place) {
        return events[place];
    }

    /** The node that the row at that place says was freed, or null where it tells of the event itself. */
    public BackwardGraph.Freed freed(int place) {
        List<BackwardGraph.Freed> freed = timeline.backwardGraph().freedIn(events[place]);
        return parts[place] < 0 ? null : freed.get(parts[place]);
    }

    public EventKind kind(int place) {
        return parts[place] < 0 ? EventKind.of(timeline.event(events[place])) : EventKind.FREE;
    }

    /** How many of the rows have happened at a step: the place of the first that has not. */
    public int happened(int step) {
        int from = 0;
        int to = events.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (events[middle] < step) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** The place of the row that stands for a step: the first of its event, or else the last that has happened. */
    public int standing(int step) {
        int first = happened(step - 1);
        return first < size() && events[first] == step - 1 ? first : first - 1;
    }

    /** The step after the next of them; the same step where none follows. */
    int after(int step) {
        int place = happened(step);
        return place == size() ? step : event(place) + 1;
    }

    /** The step after the one before, or 0, before the first. */
    int before(int step) {
        int place = happened(step - 1);
        return place <= 0 ? 0 : event(place - 1) + 1;
    }

    /** The step after the last of them, or 0. */
    int last() {
        return size() == 0 ? 0 : event(size() - 1) + 1;
    }
}
