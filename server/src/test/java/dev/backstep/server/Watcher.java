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
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/runs/" + run + "/events"))
                .header("Accept", "text/event-stream");
        if (after > 0) {
            request.header("Last-Event-ID", "" + after);
        }
        List<Told> told = new ArrayList<>();
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request.build(), BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                read(lines, told, most);
            } finally {
                http.shutdownNow();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return told;
    }

    private static void read(BufferedReader lines, List<Told> told, int most) throws IOException {
        String name = "";
        long id = 0;
        StringBuilder data = new StringBuilder();
        for (String line; told.size() < most && (line = lines.readLine()) != null; ) {
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
                    told.add(new Told(0, "end"));
                    return;
                } else {
                    told.add(new Told(id, data.toString()));
                    name = "";
                    data.setLength(0);
                }
            }
        }
    }
}
