package dev.backstep.server.runs;

import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** One watcher's stream of a run's events, read from the database, since any process may compute the run. */
final class EventStream implements Runnable {
    private static final int MOST = 200;
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** So that proxies keep a stream open that has nothing to tell. */
    private static final int PAUSES_TO_COMMENT = 50;

    private final RunStore store;
    private final String id;
    private final SseClient client;
    private final BooleanSupplier stopping;
    private long last;

    /**
     * @param last the number of the event that the watcher has seen last; 0: none
     * @param stopping whether the server is about to end: then so does the stream, and its watcher comes back elsewhere
     */
    EventStream(RunStore store, String id, long last, SseClient client, BooleanSupplier stopping) {
        this.store = store;
        this.id = id;
        this.last = last;
        this.client = client;
        this.stopping = stopping;
    }

    @Override
    public void run() {
        try (client) {
            for (int pauses = 0; !client.terminated() && !stopping.getAsBoolean(); pauses++) {
                boolean over = store.find(id).map(row -> row.phase().isFinal()).orElse(true);
                // Asked before: what a run tells last is there once it is over.
                if (!send() && over) {
                    // An event without data is none: browsers would not hear it, and connect again.
                    client.sendEvent("end", "over");
                    return;
                }
                Thread.sleep(PAUSE);
                if (pauses % PAUSES_TO_COMMENT == PAUSES_TO_COMMENT - 1) {
                    client.sendComment("still here");
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends what there is. @return whether there was anything */
    private boolean send() {
        List<RunStore.Event> events = store.events(id, last, MOST);
        boolean any = !events.isEmpty();
        while (!events.isEmpty() && !client.terminated()) {
            for (RunStore.Event event : events) {
                client.sendEvent("message", event.text(), Long.toString(event.seq()));
                last = event.seq();
            }
            events = store.events(id, last, MOST);
        }
        return any;
    }
}
