package dev.backstep.server.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunJson;
import dev.backstep.server.http.Problem;
import dev.backstep.server.http.Tokens;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.sse.SseClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Runs over HTTP: asked for, watched, steered. */
public final class Runs implements AutoCloseable {
    private static final Pattern SEQ = Pattern.compile("\\d{1,18}");

    private final RunStore store;
    private final Queue queue;
    private final Admission admission;
    private final Limits limits;
    private final Sweeps sweeps;
    private final Optional<String> url;
    private volatile boolean closing;
    private final Clock clock = Clock.systemUTC();

    /**
     * Runs kept in that database.
     *
     * @param url how the outside world reaches this server; empty: as each request says
     * @param threads how many runs are computed in this process at once; 0: none, other processes do
     * @param heartbeat how often this process says that it lives
     * @param save how often checkpoints are kept
     * @param hardware what runs compute on in this process
     */
    public Runs(Jdbi jdbi, DataSource database, Optional<String> url, Limits limits, int threads, Duration heartbeat,
            Duration save, Hardware hardware) {
        this.store = new RunStore(jdbi, clock);
        this.queue = new Queue(database, store, limits, threads, heartbeat, save, hardware);
        this.admission = new Admission(jdbi, limits, clock);
        this.limits = limits;
        this.sweeps = new Sweeps(store, new SweepStore(jdbi, clock), queue, admission, limits);
        this.url = url;
    }

    /** Has the registry count runs by where they stand, those of all processes. */
    public void measure(MeterRegistry registry) {
        for (Phase phase : Phase.values()) {
            Gauge.builder("backstep.runs", store, runs -> runs.count(phase))
                    .description("Runs in the database").tag("phase", phase.text()).register(registry);
        }
        Gauge.builder("backstep.runs.longest.wait", store, RunStore::longestWait).baseUnit("seconds")
                .description("How long the first of the runs that wait has waited").register(registry);
        queue.measure(registry);
    }

    /** Grids of runs. */
    public Sweeps sweeps() {
        return sweeps;
    }

    /** Begins to take runs from the queue. */
    public void start() {
        Shipped.bring();
        queue.start();
    }

    private record Created(String id, String url, String cancelToken) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Shown(String id, String phase, String wanted, long batch, long total, long epoch, double rate,
            @JsonUnwrapped Measures measures, String device, String error, String sweep, String created, String began,
            String ended) {}

    private record Wanted(String wanted) {}

    // Asking

    public void create(Context ctx) {
        Problem.needJson(ctx, "A run");
        var run = read(ctx.body());
        limits.refusal(run.graph()).ifPresent(refusal -> {
            throw new Problem(HttpStatus.CONTENT_TOO_LARGE, refusal);
        });
        var id = Tokens.create();
        var token = Tokens.create();
        // Tables that ship with the program are here; what a document brings itself is in its boxes.
        var asked = new RunStore.Asked(id, token, ctx.ip(),
                RunJson.write(new Run(run.graph(), Map.of(), run.checkpoint())), null, null, null);
        long turn = admission.admit(ctx.ip(), 1, (handle, first) -> store.create(handle, asked, first));
        queue.add(new RunStore.Turn(id, turn));
        ctx.status(HttpStatus.ACCEPTED)
                .header("Location", "/api/runs/" + id)
                .header("Cache-Control", "no-store")
                .json(new Created(id, base(ctx) + "/?run=" + id, token));
    }

    private static Run read(String body) {
        try {
            return RunJson.readRun(body);
        } catch (GraphException wrong) {
            throw new Problem(HttpStatus.BAD_REQUEST, wrong.getMessage());
        }
    }

    // Steering

    /** Pauses a run or lets it go on. */
    public void steer(Context ctx) {
        var id = authorized(ctx);
        var wanted = ctx.bodyAsClass(Wanted.class).wanted();
        if (!"run".equals(wanted) && !"pause".equals(wanted)) {
            throw new Problem(HttpStatus.BAD_REQUEST, "wanted has to be \"run\" or \"pause\".");
        }
        want(id, wanted);
        show(ctx);
    }

    /** Stops a run; what it has told and its last checkpoint stay. */
    public void stop(Context ctx) {
        want(authorized(ctx), "stop");
        ctx.status(HttpStatus.NO_CONTENT);
    }

    private void want(String id, String wanted) {
        store.want(id, wanted).ifPresent(queue::add);
    }

    private String authorized(Context ctx) {
        var id = find(ctx).id();
        if (!store.isToken(id, Tokens.borne(ctx, "cancelToken", "run"))) {
            throw new Problem(HttpStatus.FORBIDDEN, "That token does not belong to this run.");
        }
        return id;
    }

    // Watching

    public void show(Context ctx) {
        var row = find(ctx);
        ctx.header("Cache-Control", "no-store").json(new Shown(row.id(), row.phase().text(), row.wanted(), row.batch(),
                row.total(), row.epoch(), row.rate(), row.measures(), row.device(), row.error(), row.sweep(),
                time(row.created()), time(row.began()), time(row.ended())));
    }

    private static String time(Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }

    /** What the run trains, its loop included. */
    public void document(Context ctx) {
        var run = store.run(find(ctx).id());
        ctx.header("Cache-Control", "no-store").contentType("application/json")
                .result(GraphJson.write(RunJson.readRun(run).graph()));
    }

    /**
     * The last checkpoint as a safetensors file: parameters, optimizer, generator, step. Or, with {@code format=json}
     * or {@code format=csv}, the curves of all that was told; with {@code batches=false} JSON has the epochs alone.
     */
    public void result(Context ctx) {
        var row = find(ctx);
        var format = Optional.ofNullable(ctx.queryParam("format")).orElse("safetensors");
        try {
            switch (format) {
                case "safetensors" -> {
                    byte[] parameters = parameters(row);
                    attach(ctx, format, "application/octet-stream").result(parameters);
                }
                case "json" -> new Curves(store, row.id()).json(attach(ctx, format, "application/json").outputStream(),
                        !"false".equals(ctx.queryParam("batches")));
                case "csv" -> new Curves(store, row.id()).csv(attach(ctx, format, "text/csv; charset=utf-8")
                        .outputStream());
                default -> throw new Problem(HttpStatus.BAD_REQUEST, "format has to be safetensors, json or csv.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // whoever asked has gone
        }
    }

    private static Context attach(Context ctx, String format, String type) {
        return ctx.header("Cache-Control", "no-store")
                .header("Content-Disposition", "attachment; filename=\"run." + format + "\"").contentType(type);
    }

    private byte[] parameters(RunStore.Row row) {
        return store.checkpoint(row.id()).orElseThrow(() -> new Problem(HttpStatus.CONFLICT,
                "The run has kept nothing yet; it is " + row.phase().text() + "."));
    }

    /** Everything that a run tells, from the beginning or after the event that {@code Last-Event-ID} names. */
    public void stream(SseClient client) {
        var ctx = client.ctx();
        var id = find(ctx).id();
        var last = Optional.ofNullable(ctx.header("Last-Event-ID")).orElse("");
        if (!last.isEmpty() && !SEQ.matcher(last).matches()) {
            throw new Problem(HttpStatus.BAD_REQUEST, "Last-Event-ID has to be the number of an event.");
        }
        client.keepAlive();
        var stream = new EventStream(store, id, last.isEmpty() ? 0 : Long.parseLong(last), client,
                () -> closing);
        Thread.ofVirtual().name("events-" + id).start(stream);
    }

    private RunStore.Row find(Context ctx) {
        return store.find(ctx.pathParam("id"))
                .orElseThrow(() -> new Problem(HttpStatus.NOT_FOUND, "There is no such run."));
    }

    private String base(Context ctx) {
        return url.orElseGet(() -> ctx.scheme() + "://" + ctx.host());
    }

    /** Takes nothing more, and leaves runs that are computed here to other workers, or to the next start. */
    @Override
    public void close() {
        closing = true;
        queue.close();
    }
}
