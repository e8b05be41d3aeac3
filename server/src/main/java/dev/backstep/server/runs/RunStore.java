package dev.backstep.server.runs;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.server.http.Tokens;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The runs in the database: what was asked, how far each has come, what it told. A worker that takes a run gets a number
 * ({@code attempt}); one that was given up for dead, but is not, has an old number and can write nothing any more.
 */
final class RunStore {
    /** What a {@link Row} is made of: not the document, which may be large. */
    private static final String COLUMNS = "id, phase, wanted, told, total, epoch, rate, train_loss, test_loss,"
            + " test_accuracy, best_loss, device, error, created, began, ended, sweep_id, point_values";

    private final Jdbi jdbi;
    private final Clock clock;

    RunStore(Jdbi jdbi, Clock clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** A run seen from outside. {@code batch} are told, of {@code total}; times are milliseconds, null: not yet. */
    record Row(String id, Phase phase, String wanted, long batch, long total, long epoch, double rate,
            Measures measures, String device, String error, long created, Long began, Long ended, String sweep,
            String values) {}

    /** A run that a worker has taken. */
    record Taken(String id, long attempt, String run, byte[] checkpoint, long told, long nextSeq,
            Measures measures, long waited) {}

    /** An event by its number, from 1. */
    record Event(long seq, String text) {}

    /**
     * How far a run has come; {@code total} as long as it did not begin is 0.
     *
     * @param device on which it is computed; null: nothing new is known of it
     */
    record Progress(long told, long total, long epoch, double rate, Measures measures, String device) {
        Progress at(RunEvent.At at) {
            return new Progress(Math.max(told, at.batch()), total, at.epoch(), at.rate(), measures, device);
        }

        Progress after(RunEvent.EpochEnd measured) {
            return new Progress(told, total, epoch, rate, measures.after(measured), device);
        }

        Progress on(String otherDevice) {
            return new Progress(told, total, epoch, rate, measures, otherDevice);
        }
    }

    /**
     * What a run told since it was kept last, and how far it has come.
     *
     * @param batch at which the checkpoint was taken
     * @param checkpoint null: none was taken since
     */
    record Told(List<Event> events, Progress progress, long batch, byte[] checkpoint) {}

    /** Thrown where another worker has taken the run meanwhile: this one must leave it alone. */
    static final class Superseded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Superseded(String id) {
            super("run " + id + " was taken by another worker", null, false, false);
        }
    }

    // Asking

    /**
     * A run to keep.
     *
     * @param token of which the hash is kept
     * @param sweep whose point it is, or null
     * @param values its value on each axis of the sweep, JSON; or null
     */
    record Asked(String id, String token, String client, String run, String sweep, Integer point, String values) {}

    /** Where a run stands in the queue: the least turn is the first. */
    record Turn(String id, long turn) {}

    /** Keeps a new run, queued. */
    void create(Handle handle, Asked asked, long turn) {
        handle.execute("""
                INSERT INTO runs (id, token, client, run, sweep_id, point, point_values, turn, created, phase, wanted,
                    attempt, told, total, epoch, rate)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 'run', 0, 0, 0, 0, 0)""",
                asked.id(), Tokens.hash(asked.token()), asked.client(), asked.run(), asked.sweep(), asked.point(),
                asked.values(), turn, clock.millis());
    }

    Optional<Row> find(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM runs WHERE id = ?")
                .bind(0, id).map((row, _) -> row(row)).findOne());
    }

    /** The runs of a sweep, by their points. */
    List<Row> ofSweep(String sweep) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT " + COLUMNS
                + " FROM runs WHERE sweep_id = ? ORDER BY point").bind(0, sweep).map((row, _) -> row(row)).list());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getString("id"), Phase.of(row.getString("phase")), row.getString("wanted"),
                row.getLong("told"), row.getLong("total"), row.getLong("epoch"), row.getDouble("rate"),
                Measures.of(row), row.getString("device"), row.getString("error"), row.getLong("created"),
                row.getObject("began") == null ? null : row.getLong("began"),
                row.getObject("ended") == null ? null : row.getLong("ended"), row.getString("sweep_id"),
                row.getString("point_values"));
    }

    /** What was asked for, as the engine writes a run. */
    String run(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT run FROM runs WHERE id = ?").bind(0, id)
                .mapTo(String.class).one());
    }

    /** Whether the token steers that run. */
    boolean isToken(String id, String token) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM runs WHERE id = ? AND token = ?")
                .bind(0, id).bind(1, Tokens.hash(token)).mapTo(long.class).one()) == 1;
    }

    /** How many runs stand so. */
    long count(Phase phase) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM runs WHERE phase = ?")
                .bind(0, phase.text()).mapTo(long.class).one());
    }

    /** How long the run that waits for longest has waited, in seconds; 0 where none does. */
    double longestWait() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT MIN(created) FROM runs WHERE phase = 'queued'")
                .mapTo(Long.class).findOne()).map(since -> Math.max(0, clock.millis() - since) / 1e3).orElse(0.0);
    }

    /** Runs that wait for a worker, but are not in the queue. */
    List<Turn> forgotten() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT id, turn FROM runs WHERE phase = 'queued' AND NOT EXISTS
                            (SELECT 1 FROM scheduled_tasks WHERE task_name = ? AND task_instance = runs.id)""")
                .bind(0, Queue.TASK)
                .map((row, _) -> new Turn(row.getString("id"), row.getLong("turn"))).list());
    }

    /**
     * Says what is wanted of a run; one that no worker holds is at once what is wanted.
     *
     * @return its turn, if it waits now
     */
    Optional<Turn> want(String id, String wanted) {
        return jdbi.inTransaction(handle -> {
            handle.execute("UPDATE runs SET wanted = ? WHERE id = ? AND ended IS NULL", wanted, id);
            switch (wanted) {
                case "stop" -> handle.execute("UPDATE runs SET phase = 'stopped', ended = ? WHERE id = ?"
                        + " AND phase IN ('queued', 'paused')", clock.millis(), id);
                case "pause" -> handle.execute("UPDATE runs SET phase = 'paused' WHERE id = ? AND phase = 'queued'", id);
                case "run" -> handle.execute("UPDATE runs SET phase = 'queued' WHERE id = ? AND phase = 'paused'", id);
                default -> throw new IllegalArgumentException(wanted);
            }
            return handle.createQuery("SELECT turn FROM runs WHERE id = ? AND phase = 'queued'").bind(0, id)
                    .mapTo(long.class).findOne().map(turn -> new Turn(id, turn));
        });
    }

    // Computing

    /** Gives a run to a worker, unless it is over or paused; whoever had it before is superseded. */
    Optional<Taken> take(String id, String worker) {
        return jdbi.inTransaction(handle -> {
            int taken = handle.execute("""
                    UPDATE runs SET phase = 'running', attempt = attempt + 1, worker = ?,
                        began = COALESCE(began, CAST(? AS BIGINT))
                    WHERE id = ? AND phase IN ('queued', 'running')""", worker, clock.millis(), id);
            return taken == 0 ? Optional.empty() : Optional.of(taken(handle, id));
        });
    }

    private static Taken taken(Handle handle, String id) {
        byte[] checkpoint = handle.createQuery("SELECT bytes FROM run_checkpoints WHERE run_id = ?").bind(0, id)
                .mapTo(byte[].class).findOne().orElse(null);
        long seq = handle.createQuery("SELECT COALESCE(MAX(seq), 0) FROM run_events WHERE run_id = ?").bind(0, id)
                .mapTo(long.class).one();
        return handle.createQuery("SELECT * FROM runs WHERE id = ?").bind(0, id)
                .map((row, _) -> new Taken(id, row.getLong("attempt"), row.getString("run"), checkpoint,
                        row.getLong("told"), seq + 1, Measures.of(row),
                        row.getLong("began") - row.getLong("created")))
                .one();
    }

    /**
     * Keeps what a run told, all or nothing.
     *
     * @return what is wanted of the run
     * @throws Superseded where another worker has taken it
     */
    String append(Taken run, Told told) {
        return jdbi.inTransaction(handle -> {
            keep(handle, run, told);
            return wanted(handle, run);
        });
    }

    private static void keep(Handle handle, Taken run, Told told) {
        Progress progress = told.progress();
        Measures measures = progress.measures();
        if (handle.execute("""
                UPDATE runs SET told = ?, total = ?, epoch = ?, rate = ?, device = COALESCE(?, device),
                    train_loss = CAST(? AS DOUBLE PRECISION), test_loss = CAST(? AS DOUBLE PRECISION),
                    test_accuracy = CAST(? AS DOUBLE PRECISION), best_loss = CAST(? AS DOUBLE PRECISION)
                WHERE id = ? AND attempt = ?""", progress.told(), progress.total(), progress.epoch(), progress.rate(),
                progress.device(), measures.trainLoss(), measures.testLoss(), measures.testAccuracy(),
                measures.bestLoss(), run.id(), run.attempt()) == 0) {
            throw new Superseded(run.id());
        }
        insert(handle, run.id(), told.events());
        if (told.checkpoint() != null) {
            handle.execute("""
                    INSERT INTO run_checkpoints (run_id, batch, bytes) VALUES (?, ?, ?)
                    ON CONFLICT (run_id) DO UPDATE SET batch = excluded.batch, bytes = excluded.bytes""",
                    run.id(), told.batch(), told.checkpoint());
        }
    }

    private static String wanted(Handle handle, Taken run) {
        return handle.createQuery("SELECT wanted FROM runs WHERE id = ?").bind(0, run.id()).mapTo(String.class).one();
    }

    private static void insert(Handle handle, String id, List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("INSERT INTO run_events (run_id, seq, event) VALUES (?, ?, ?)");
        for (Event event : events) {
            batch.add(id, event.seq(), event.text());
        }
        batch.execute();
    }

    /**
     * Leaves a run: it is over, paused, or queued again for another worker. Where something else is wanted of a paused
     * one by now, it is that.
     *
     * @param told what it told last, kept in the same moment: who told the end of a run has ended it; null for nothing
     * @return where it stands then
     * @throws Superseded where another worker has taken it
     */
    Phase leave(Taken run, Told told, Phase phase, String error) {
        return jdbi.inTransaction(handle -> {
            if (told != null) {
                keep(handle, run, told);
            }
            String wanted = wanted(handle, run);
            Phase left = phase != Phase.PAUSED || wanted.equals("pause") ? phase
                    : wanted.equals("stop") ? Phase.STOPPED : Phase.QUEUED;
            if (handle.execute("""
                    UPDATE runs SET phase = ?, error = ?, worker = NULL, ended = CAST(? AS BIGINT)
                    WHERE id = ? AND attempt = ?""", left.text(), error, left.isFinal() ? clock.millis() : null,
                    run.id(), run.attempt()) == 0) {
                throw new Superseded(run.id());
            }
            return left;
        });
    }

    /** Ends a run that no worker could compute however often it was tried. */
    void fail(String id, String error) {
        jdbi.useHandle(handle -> handle.execute(
                "UPDATE runs SET phase = 'failed', error = ?, worker = NULL, ended = ? WHERE id = ? AND ended IS NULL",
                error, clock.millis(), id));
    }

    // Watching

    /** Events after that number, in order, at most so many. */
    List<Event> events(String id, long after, int most) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT seq, event FROM run_events WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?")
                .bind(0, id).bind(1, after).bind(2, most)
                .map((row, _) -> new Event(row.getLong("seq"), row.getString("event"))).list());
    }

    /** Likewise, of events of one kind, by the name that the engine writes. */
    List<Event> events(String id, String kind, long after, int most) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT seq, event FROM run_events WHERE run_id = ? AND seq > ? AND event LIKE ?
                        ORDER BY seq LIMIT ?""")
                .bind(0, id).bind(1, after).bind(2, "{\"event\":\"" + kind + "\"%").bind(3, most)
                .map((row, _) -> new Event(row.getLong("seq"), row.getString("event"))).list());
    }

    /** The parameters and all else that the last checkpoint holds, as a safetensors file. */
    Optional<byte[]> checkpoint(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT bytes FROM run_checkpoints WHERE run_id = ?")
                .bind(0, id).mapTo(byte[].class).findOne());
    }
}
