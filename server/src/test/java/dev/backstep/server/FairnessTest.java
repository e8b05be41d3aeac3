package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Clients, told by their addresses, share a server: none starves another, and none gets more than it may. */
class FairnessTest extends ServerFixture {
    private static final int PER_CLIENT = 40;

    @Override
    Map<String, String> environment() {
        Map<String, String> environment = super.environment();
        environment.putAll(Map.of("BACKSTEP_MAX_RUNS_PER_CLIENT", "" + PER_CLIENT,
                "BACKSTEP_MAX_RUNS_PER_MINUTE", "1000", "BACKSTEP_SAVE_SECONDS", "1"));
        return environment;
    }

    /** A client of its own: on Linux every address that begins with 127 is this machine. */
    private static HttpClient at(String address) throws IOException {
        return HttpClient.newBuilder().localAddress(InetAddress.getByName(address)).build();
    }

    private HttpResponse<String> post(HttpClient from, Training training) throws IOException, InterruptedException {
        return from.send(HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/api/runs"))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(training.json())).build(),
                BodyHandlers.ofString());
    }

    private String ask(HttpClient from, Training training) throws IOException, InterruptedException {
        var answer = post(from, training);
        assertEquals(202, answer.statusCode(), answer::body);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private Instant end(String run) throws InterruptedException {
        var row = client.get(run).json();
        for (int i = 0; i < 1200 && row.path("ended").isMissingNode(); i++) {
            Thread.sleep(50);
            row = client.get(run).json();
        }
        assertEquals("done", row.path("phase").asText(), row::toString);
        return Instant.parse(row.path("ended").asText());
    }

    @Test
    void fewRunsPassMany() throws IOException, InterruptedException {
        var training = Training.of("xor", 60);
        List<String> many = new ArrayList<>();
        List<String> few = new ArrayList<>();
        try (var greedy = at("127.0.0.2"); var modest = at("127.0.0.3")) {
            for (int i = 0; i < PER_CLIENT; i++) {
                many.add(ask(greedy, training));
            }
            for (int i = 0; i < 2; i++) {
                few.add(ask(modest, training));
            }
        }
        List<Instant> manyEnds = new ArrayList<>();
        for (String run : many) {
            manyEnds.add(end(run));
        }
        Instant asked = Instant.parse(client.get(few.getFirst()).json().path("created").asText());
        long before = manyEnds.stream().filter(ended -> ended.isBefore(asked)).count();
        assertTrue(before < PER_CLIENT - 10, "the many would have been over before the few came: " + before);
        for (int i = 0; i < few.size(); i++) {
            Instant ended = end(few.get(i));
            long meanwhile = manyEnds.stream().filter(other -> other.isAfter(asked) && other.isBefore(ended)).count();
            // One that was computed already, one for each of the few, and what one look at the queue lets in.
            assertTrue(meanwhile <= i + 3, "of the many, " + meanwhile + " ended before number " + i + " of the few");
        }
    }

    @Test
    void manyAreNotStarvedByWhoComesAgainAndAgain() throws IOException, InterruptedException {
        var training = Training.of("xor", 60);
        List<String> many = new ArrayList<>();
        int others = 0;
        try (var greedy = at("127.0.0.2"); var again = at("127.0.0.3")) {
            for (int i = 0; i < 8; i++) {
                many.add(ask(greedy, training));
            }
            var last = many.getLast();
            // There is always one of theirs, and never more than two.
            String before = ask(again, training);
            while (client.get(last).json().path("ended").isMissingNode() && others < 100) {
                String next = ask(again, training);
                end(before);
                before = next;
                others++;
            }
            end(last);
        }
        assertTrue(others <= 20, "the eighth of the many ended after " + others + " others");
    }

    @Test
    void aLimitHoldsForRequestsThatComeTogether() throws IOException, InterruptedException, ExecutionException {
        var training = Training.of("spiral", 100_000);
        for (int i = 0; i < PER_CLIENT - 5; i++) {
            assertEquals(202, client.post("/api/runs", training.json()).status());
        }
        List<Future<Integer>> answers = new ArrayList<>();
        try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> post = () -> client.post("/api/runs", training.json()).status();
            for (int i = 0; i < 50; i++) {
                answers.add(together.submit(post));
            }
        }
        int admitted = 0;
        for (var answer : answers) {
            assertTrue(answer.get() == 202 || answer.get() == 429, () -> "answered " + answer.resultNow());
            admitted += answer.get() == 202 ? 1 : 0;
        }
        assertEquals(5, admitted);
    }
}
