package dev.backstep.web.session;

import dev.backstep.engine.step.Timeline;
import java.util.Arrays;

/** The events of a timeline that a filter shows, in order, and the steps behind them. */
public final class ShownEvents {
    private final int all;
    /** Their indices in the timeline; null for every one. */
    private final int[] events;

    private ShownEvents(int all, int[] events) {
        this.all = all;
        this.events = events;
    }

    /** @param timeline null for none */
    static ShownEvents of(Timeline timeline, EventFilter filter) {
        int all = timeline == null ? 0 : timeline.size();
        if (!filter.isOn()) {
            return new ShownEvents(all, null);
        }
        int[] events = new int[all];
        int count = 0;
        for (int i = 0; i < all; i++) {
            if (filter.shows(EventKind.of(timeline.event(i)))) {
                events[count++] = i;
            }
        }
        return new ShownEvents(all, Arrays.copyOf(events, count));
    }

    public int size() {
        return events == null ? all : events.length;
    }

    /** The index in the timeline of the one at that place. */
    public int event(int place) {
        return events == null ? place : events[place];
    }

    /** How many of them have happened at a step: the place of the first that has not. */
    public int happened(int step) {
        if (events == null) {
            return step;
        }
        int place = Arrays.binarySearch(events, step);
        return place < 0 ? -place - 1 : place;
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
