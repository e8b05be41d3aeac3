package dev.backstep.server.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunJson;
import dev.backstep.server.http.ETag;
import dev.backstep.server.http.Problem;
import dev.backstep.server.http.Tokens;
import dev.backstep.server.runs.RunStore.Asked;
import dev.backstep.server.runs.RunStore.Turn;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sweeps over HTTP: one document with a grid of values, a run for each point, one table of them all. */
public final class Sweeps {
    private static final JsonMapper JSON = new JsonMapper();
    /** Each run keeps its own document. */
    private static final long MOST_CHARACTERS = 20_000_000;

    private final RunStore runs;
    private final SweepStore store;
    private final Queue queue;
    private final Admission admission;
    private final Limits limits;

    Sweeps(RunStore runs, SweepStore store, Queue queue, Admission admission, Limits limits) {
        this.runs = runs;
        this.store = store;
        this.queue = queue;
        this.admission = admission;
        this.limits = limits;
    }

    private record Created(String id, List<String> runs, String cancelToken) {}

    private record Shown(String id, boolean over, String created, @JsonRawValue String axes, List<Row> points) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Row(String run, @JsonRawValue String values, String phase, long batch, long total, long epoch,
            double rate, @JsonUnwrapped Measures measures, String error) {}

    /** Asks for a run for each point of a grid: all of them or none. */
    public void create(Context ctx) {
        Problem.needJson(ctx, "A sweep");
        Grid grid = grid(ctx.body());
        String id = Tokens.create();
        String token = Tokens.create();
        List<Asked> asked = asked(grid, id, token, ctx.ip());
        long turn = admission.admit(ctx.ip(), asked.size(), (handle, first) -> {
            store.create(handle, id, token, grid.axesJson().toString());
            for (int i = 0; i < asked.size(); i++) {
                runs.create(handle, asked.get(i), first + i);
            }
        });
        for (int i = 0; i < asked.size(); i++) {
            queue.add(new Turn(asked.get(i).id(), turn + i));
        }
        ctx.status(HttpStatus.ACCEPTED)
                .header("Location", "/api/sweeps/" + id)
                .header("Cache-Control", "no-store")
                .json(new Created(id, asked.stream().map(Asked::id).toList(), token));
    }

    private Grid grid(String body) {
        Grid grid = Grid.read(body);
        long size = grid.size();
        if (size > limits.points()) {
            throw new Problem(HttpStatus.CONTENT_TOO_LARGE, ("The grid has %s points; this server takes %d. Leave out"
                    + " values, or ask for several sweeps.").formatted(size == Long.MAX_VALUE ? "too many" : size,
                    limits.points()));
        }
        if (size * grid.document().toString().length() > MOST_CHARACTERS) {
            throw new Problem(HttpStatus.CONTENT_TOO_LARGE, ("The documents of all %d points have more than the %,d"
                    + " characters that are allowed together.").formatted(size, MOST_CHARACTERS));
        }
        return grid;
    }

    private List<Asked> asked(Grid grid, String sweep, String token, String client) {
        List<Asked> asked = new ArrayList<>();
        grid.points().forEach(point -> {
            Run run;
            try {
                run = RunJson.readRun("{\"document\":" + point.document() + "}");
            } catch (GraphException wrong) {
                throw new Problem(HttpStatus.BAD_REQUEST, with(point) + wrong.getMessage());
            }
            limits.refusal(run.graph()).ifPresent(refusal -> {
                throw new Problem(HttpStatus.CONTENT_TOO_LARGE, with(point) + refusal);
            });
            asked.add(new Asked(Tokens.create(), token, client, RunJson.write(new Run(run.graph(), Map.of(), null)),
                    sweep, asked.size(), point.values().toString()));
        });
        return asked;
    }

    private static String with(Grid.Point point) {
        return "With the values " + point.values() + ": ";
    }

    /** The table: each point with its values and how its run does. Its tag changes when anything in it does. */
    public void show(Context ctx) {
        SweepStore.Row sweep = find(ctx);
        List<RunStore.Row> rows = runs.ofSweep(sweep.id());
        byte[] body = json(new Shown(sweep.id(), rows.stream().allMatch(row -> row.phase().isFinal()),
                Instant.ofEpochMilli(sweep.created()).toString(), sweep.axes(),
                rows.stream().map(Sweeps::row).toList()));
        ctx.header("Cache-Control", "no-cache");
        if (ETag.matches(ctx, ETag.of(body))) {
            ctx.status(HttpStatus.NOT_MODIFIED);
        } else {
            ctx.contentType("application/json").result(body);
        }
    }

    private static Row row(RunStore.Row run) {
        return new Row(run.id(), run.values(), run.phase().text(), run.batch(), run.total(), run.epoch(), run.rate(),
                run.measures(), run.error());
    }

    private static byte[] json(Shown shown) {
        try {
            return JSON.writeValueAsBytes(shown);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // plain records
        }
    }

    /** Stops all of its runs; what they have told and their last checkpoints stay. */
    public void stop(Context ctx) {
        SweepStore.Row sweep = find(ctx);
        if (!store.isToken(sweep.id(), Tokens.borne(ctx, "cancelToken", "sweep"))) {
            throw new Problem(HttpStatus.FORBIDDEN, "That token does not belong to this sweep.");
        }
        runs.ofSweep(sweep.id()).forEach(run -> runs.want(run.id(), "stop"));
        ctx.status(HttpStatus.NO_CONTENT);
    }

    private SweepStore.Row find(Context ctx) {
        return store.find(ctx.pathParam("id"))
                .orElseThrow(() -> new Problem(HttpStatus.NOT_FOUND, "There is no such sweep."));
    }
}
