package dev.backstep.web.train;

import dev.backstep.web.jso.EventSource;
import dev.backstep.web.jso.Fetch;
import dev.backstep.web.jso.ServerEvent;
import dev.backstep.web.jso.TextAnswer;
import java.util.function.Consumer;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.EventListener;
import org.teavm.jso.typedarrays.Int8Array;

/** The server that the page came from. */
public final class HttpRunServer implements RunServer {
    private static final int AGAIN_MS = 3_000;

    @Override
    public void send(String method, String path, String body, String token, Consumer<Answer> answer) {
        new Thread(() -> {
            TextAnswer came = Fetch.send(method, path, body, token).await();
            answer.accept(new Answer(came.getStatus(), came.getText()));
        }).start();
    }

    @Override
    public void fetch(String path, Consumer<Bytes> answer) {
        new Thread(() -> {
            Int8Array bytes = new Int8Array(Fetch.bytes(path).await());
            answer.accept(bytes.getLength() == 0 ? null : Bytes.of(bytes));
        }).start();
    }

    @Override
    public Stream listen(String path, Ear ear) {
        return new Connection(path, ear);
    }

    @Override
    public void later(int millis, Runnable work) {
        Window.setTimeout(() -> work.run(), millis);
    }

    /** A stream that is tried again even where the browser gives up, as it does at an error for an answer. */
    private final class Connection implements Stream {
        private final String path;
        private final Ear ear;
        private EventSource source;
        private boolean closed;

        Connection(String path, Ear ear) {
            this.path = path;
            this.ear = ear;
            open();
        }

        private void open() {
            EventSource opened = EventSource.open(path);
            source = opened;
            EventListener<ServerEvent> message = event -> {
                if (!closed) {
                    ear.event(Long.parseLong(event.getLastEventId()), event.getDataAsString());
                }
            };
            EventListener<Event> end = event -> {
                close();
                ear.end();
            };
            EventListener<Event> error = event -> {
                if (!closed) {
                    dropped(opened);
                }
            };
            EventListener<Event> open = event -> {
                if (!closed) {
                    ear.connected();
                }
            };
            opened.addEventListener("message", message);
            opened.addEventListener("end", end);
            opened.addEventListener("error", error);
            opened.addEventListener("open", open);
        }

        private void dropped(EventSource which) {
            if (which.getReadyState() == EventSource.CLOSED) {
                later(AGAIN_MS, () -> {
                    if (!closed) {
                        open();
                    }
                });
            }
            ear.dropped();
        }

        @Override
        public void close() {
            closed = true;
            source.close();
        }
    }
}
