package dev.backstep.web.train;

import java.util.function.Consumer;

/** A server that computes runs, as far as the page speaks with it. Answers come later. */
public interface RunServer {
    /** @param status of HTTP; {@link Denial#UNREACHED} where no answer came */
    record Answer(int status, String text) {
        public boolean isOk() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * Sends a request.
     *
     * @param body JSON, or null for none
     * @param token what shows that one may, or null
     */
    void send(String method, String path, String body, String token, Consumer<Answer> answer);

    /** Fetches a file; is answered with null where there is none, or no answer. */
    void fetch(String path, Consumer<Bytes> answer);

    /** Hears the events that are sent at a path from the first one on, until it is closed. */
    Stream listen(String path, Ear ear);

    /** Does something after so many milliseconds. */
    void later(int millis, Runnable work);

    interface Stream {
        void close();
    }

    /** Who hears them. After a dropped connection some may come again. */
    interface Ear {
        /** @param number counts the events, from 1 */
        void event(long number, String text);

        /** There will be no more. */
        void end();

        /** The connection is there, at first or again. */
        void connected();

        /** The connection is lost; it is being tried again. */
        void dropped();
    }
}
