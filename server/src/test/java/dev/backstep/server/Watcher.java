package dev.backstep.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Watches a run as a browser's EventSource does. */
final class Watcher {
    private Watcher() {}

    /** A server-sent event. */
    record Told(long id, String data) {}

    /**
     * Listens until the stream says that it ends, or until so many events have come.
     *
     * @param after the number of the last event seen; 0: none
     * @return what came; the last one has the name "end" for data where the run is over
     */
    static List<Told> watch(int port, String run, long after, int most) {
        List<Told> told = new ArrayList<>();
        watch(port, run, after, event -> {
            told.add(event);
            return told.size() < most;
        });
        return told;
    }

    /** Likewise, as long as {@code more} says of an event that it wants more. */
    static void watch(int port, String run, long after, Predicate<Told> more) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/runs/" + run + "/events"))
                .header("Accept", "text/event-stream");
        if (after > 0) {
            request.header("Last-Event-ID", "" + after);
        }
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request.build(), BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                read(lines, more);
            } finally {
                http.shutdownNow();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void read(BufferedReader lines, Predicate<Told> more) throws IOException {
        String name = "";
        long id = 0;
        StringBuilder data = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) {
            if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("id:")) {
                id = Long.parseLong(line.substring(3).strip());
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip());
            } else if (line.isEmpty() && !name.isEmpty()) {
                if (data.isEmpty()) {
                    // As the standard has it: what has no data is not told.
                    name = "";
                } else if (name.equals("end")) {
                    more.test(new Told(0, "end"));
                    return;
                } else if (more.test(new Told(id, data.toString()))) {
                    name = "";
                    data.setLength(0);
                } else {
                    return;
                }
            }
        }
    }
}
