package dev.backstep.server;

import io.javalin.Javalin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Load on the packaged program, beside a bare Javalin that says "hello", in one run: 1,000 clients that read links, and
 * the same while 50 runs are computed and watched. {@code mvn package -Pload,oracle -DskipTests} prints it; {@code
 * -Dload=10} takes ten seconds for each line, not sixty.
 */
final class LoadReport {
    private static final int CLIENTS = 1_000;
    private static final int RUNS = 50;
    private static final int LINKS = 100;
    private static final String HELLO = "hello";

    private LoadReport() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 1 && args[0].equals(HELLO)) {
            hello();
            return;
        }
        int seconds = args.length == 0 || args[0].isBlank() ? 60 : Integer.parseInt(args[0]);
        var data = Files.createTempDirectory("backstep-load");
        try (var program = new Program("", Map.of("PORT", "0", "BACKSTEP_DATA", data.toString(), "BACKSTEP_LOG", "WARN",
                "BACKSTEP_RUN_THREADS", "" + RUNS, "BACKSTEP_MAX_RUNS_PER_CLIENT", "" + RUNS,
                "BACKSTEP_MAX_RUNS_PER_MINUTE", "" + RUNS, "BACKSTEP_MAX_BATCHES", "2000000000"));
                var hello = new HelloProcess(); var client = new Client(program.port())) {
            report(program.port(), hello.port, client, seconds);
        }
    }

    private static void report(int port, int hello, Client client, int seconds) throws InterruptedException {
        var links = new LoadClients(port, links(client));
        var hellos = new LoadClients(hello, List.of("/"));
        System.out.println("warming up");
        hellos.run(CLIENTS, Math.max(1, seconds / 6));
        links.run(CLIENTS, Math.max(1, seconds / 6));
        System.out.printf("%,d clients, %d s each%n", CLIENTS, seconds);
        print("hello", hellos.run(CLIENTS, seconds));
        print("links", links.run(CLIENTS, seconds));
        var watchers = new Watchers(port, client);
        print("hello, " + RUNS + " runs", hellos.run(CLIENTS, seconds));
        long before = watchers.events.get();
        var outcome = links.run(CLIENTS, seconds);
        print("links, " + RUNS + " runs", outcome);
        System.out.printf(Locale.ROOT, "events of %d streams: %.0f a second, %d gaps or repetitions%n", RUNS,
                (watchers.events.get() - before) / outcome.seconds(), watchers.wrong.get());
        watchers.stop(client);
    }

    private static void print(String what, LoadClients.Outcome outcome) {
        System.out.printf(Locale.ROOT,
                "%-16s %,9.0f a second   p50 %7.1f ms   p99 %7.1f ms   max %7.1f ms   errors %d%n", what,
                outcome.perSecond(), outcome.millis(0.5), outcome.millis(0.99), outcome.millis(1),
                outcome.errors().values().stream().mapToLong(Long::longValue).sum());
        outcome.errors().forEach((kind, count) -> System.out.printf("%18d  %s%n", count, kind));
    }

    /** Shares documents of a kilobyte or two. @return where they are */
    private static List<String> links(Client client) {
        List<String> links = new ArrayList<>();
        for (int i = 0; i < LINKS; i++) {
            var answer = client.post("/api/links", "{\"format\":1,\"nodes\":[{\"id\":\"x\",\"type\":\"tensor\","
                    + "\"attrs\":{\"data\":[" + i + ",0.25".repeat(300) + "]}}]}");
            if (answer.status() != 201) {
                throw new IllegalStateException(answer.text());
            }
            links.add(answer.header("Location"));
        }
        return links;
    }

    /** Runs that are computed, each watched by somebody. */
    private static final class Watchers {
        final AtomicLong events = new AtomicLong();
        final AtomicLong wrong = new AtomicLong();
        private final List<String[]> runs = new ArrayList<>();

        Watchers(int port, Client client) throws InterruptedException {
            var training = Training.of("spiral", 1_000_000);
            for (int i = 0; i < RUNS; i++) {
                var answer = client.post("/api/runs", training.json());
                if (answer.status() != 202) {
                    throw new IllegalStateException(answer.text());
                }
                var asked = answer.json();
                String id = asked.path("id").asText();
                runs.add(new String[] {id, asked.path("cancelToken").asText()});
                long[] last = {0};
                Thread.ofVirtual().start(() -> Watcher.watch(port, id, 0, told -> {
                    events.incrementAndGet();
                    if (told.id() != 0 && told.id() != ++last[0]) {
                        wrong.incrementAndGet();
                    }
                    return true;
                }));
            }
            for (var run : runs) {
                while (client.get("/api/runs/" + run[0]).json().path("batch").asLong() == 0) {
                    Thread.sleep(200);
                }
            }
        }

        void stop(Client client) {
            runs.forEach(run -> client.delete("/api/runs/" + run[0], run[1]));
        }
    }

    // The peer

    private static void hello() {
        var javalin = Javalin.create(config -> {
            config.concurrency.useVirtualThreads = true;
            config.startup.showJavalinBanner = false;
            config.routes.get("/", ctx -> ctx.result("hello"));
        }).start(0);
        System.out.println("Backstep is ready: http://localhost:" + javalin.port() + " (a peer)");
    }

    private static final class HelloProcess implements AutoCloseable {
        final int port;
        private final Process process;

        HelloProcess() throws IOException {
            process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), LoadReport.class.getName(), HELLO)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var lines = process.inputReader();
            String line = lines.readLine();
            while (line != null && !line.startsWith("Backstep is ready")) {
                line = lines.readLine();
            }
            if (line == null) {
                throw new IOException("the peer did not start");
            }
            port = Integer.parseInt(line.replaceAll(".*localhost:(\\d+) .*", "$1"));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
