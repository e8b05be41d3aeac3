package dev.backstep.server;

import dev.backstep.server.runs.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says; {@code docs/operations.md} describes every variable.
 *
 * @param port where to listen; 0 takes any free one
 * @param host the address to listen on; empty: all
 * @param data the folder of the embedded database; made when missing
 * @param page a folder to serve the page from without caching, for development; empty: what the jar holds
 * @param url how the outside world reaches this server, without a slash at the end; empty: as the request says
 * @param maxDocumentBytes the largest document that can be shared
 * @param linkLife how long a short link lives after it was last shared; zero: for ever
 * @param database the PostgreSQL to use; empty: an embedded file in {@code data}
 * @param compute what computes runs
 */
record Config(
        int port,
        Optional<String> host,
        Path data,
        Optional<Path> page,
        Optional<String> url,
        int maxDocumentBytes,
        Duration linkLife,
        Optional<String> database,
        Runs runs,
        Compute compute) {

    /**
     * What concerns runs.
     *
     * @param threads how many are computed in this process at once; 0: none, other processes do
     * @param heartbeat how often a process says that it lives
     * @param save how often checkpoints are kept
     */
    record Runs(int threads, Duration heartbeat, Duration save, Limits limits) {}

    /**
     * What computes runs.
     *
     * @param device {@code auto} for the fastest, {@code cpu} or {@code cuda}
     * @param tf32 whether products of matrices on CUDA may round their factors to 10 bits
     */
    record Compute(String device, boolean tf32) {}

    /**
     * Reads the variables of {@code environment}.
     *
     * @throws Refusal when one cannot be understood
     */
    static Config from(Map<String, String> environment) {
        var read = new Reader(environment);
        return new Config(
                read.number("PORT", 8080, 0, 65_535),
                read.text("BACKSTEP_HOST"),
                Path.of(read.text("BACKSTEP_DATA").orElse("data")).toAbsolutePath().normalize(),
                read.text("BACKSTEP_PAGE").map(page -> Path.of(page).toAbsolutePath().normalize()),
                read.text("BACKSTEP_URL").map(url -> url.replaceAll("/+$", "")),
                read.number("BACKSTEP_MAX_DOCUMENT_BYTES", 1_000_000, 1_000, 100_000_000),
                Duration.ofDays(read.number("BACKSTEP_LINK_DAYS", 365, 0, 36_500)),
                read.text("DATABASE_URL"),
                runs(read),
                new Compute(read.choice("BACKSTEP_DEVICE", "auto", "cpu", "cuda"),
                        read.choice("BACKSTEP_CUDA_PRODUCTS", "float32", "tf32").equals("tf32")));
    }

    private static Runs runs(Reader read) {
        int threads = read.number("BACKSTEP_RUN_THREADS", 1, 0, 1_000);
        return new Runs(
                threads,
                Duration.ofSeconds(read.number("BACKSTEP_HEARTBEAT_SECONDS", 5, 1, 3_600)),
                Duration.ofSeconds(read.number("BACKSTEP_SAVE_SECONDS", 5, 1, 3_600)),
                new Limits(
                        read.number("BACKSTEP_MAX_RUNS", 200, 1, 1_000_000),
                        read.number("BACKSTEP_MAX_RUNS_PER_CLIENT", 10, 1, 1_000_000),
                        read.number("BACKSTEP_MAX_RUNS_PER_MINUTE", 20, 1, 1_000_000),
                        read.number("BACKSTEP_MAX_BATCHES", 10_000_000, 1, Integer.MAX_VALUE),
                        read.number("BACKSTEP_MAX_RUN_MEGABYTES", 1_000, 64, 1_000_000) * 1_000_000L,
                        Duration.ofMinutes(read.number("BACKSTEP_MAX_RUN_MINUTES", 360, 1, 1_000_000)),
                        read.number("BACKSTEP_MAX_SWEEP_POINTS", 100, 1, 10_000))
                        .within(Runtime.getRuntime().maxMemory(), threads));
    }

    private record Reader(Map<String, String> environment) {
        Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
        }

        String choice(String name, String otherwise, String... others) {
            var text = text(name).orElse(otherwise).strip();
            if (text.equals(otherwise) || List.of(others).contains(text)) {
                return text;
            }
            throw new Refusal("%s is \"%s\"; it has to be %s or %s."
                    .formatted(name, text, otherwise, String.join(" or ", others)));
        }

        int number(String name, int otherwise, int least, int most) {
            var text = text(name);
            if (text.isEmpty()) {
                return otherwise;
            }
            try {
                int number = Integer.parseInt(text.get().strip());
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // told below, as for a number out of range
            }
            throw new Refusal("%s is \"%s\"; it has to be a whole number from %d to %d."
                    .formatted(name, text.get(), least, most));
        }
    }
}
