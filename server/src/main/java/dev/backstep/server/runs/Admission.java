package dev.backstep.server.runs;

import dev.backstep.server.http.Problem;
import io.javalin.http.HttpStatus;
import java.time.Clock;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Takes what is asked for, or refuses it by its limits: each request is counted after the one before it was kept. */
final class Admission {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Jdbi jdbi;
    private final Limits limits;
    private final Clock clock;

    Admission(Jdbi jdbi, Limits limits, Clock clock) {
        this.jdbi = jdbi;
        this.limits = limits;
        this.clock = clock;
    }

    /** Keeps runs whose turns begin with that one. */
    interface Keeping {
        void keep(Handle handle, long turn);
    }

    /**
     * Keeps what a client asks for, all of it or nothing. A sweep counts as one run of that client.
     *
     * @param runs how many they are
     * @return the turn of the first
     * @throws Problem where it is too much
     */
    long admit(String client, int runs, Keeping asked) {
        return jdbi.inTransaction(handle -> {
            handle.execute("UPDATE run_gate SET passed = passed + 1 WHERE id = 1");
            check(handle, client, runs);
            long turn = turn(handle, client);
            asked.keep(handle, turn);
            return turn;
        });
    }

    /**
     * The next turn of a client: after its own runs, and not before those that are served now. So clients are served by
     * turns, however many runs each has waiting; who comes later does not have to wait for all of another's, nor can
     * make another wait for ever.
     */
    private static long turn(Handle handle, String client) {
        long now = handle.select("""
                SELECT COALESCE((SELECT MIN(turn) - 1 FROM runs WHERE phase = 'queued'),
                    (SELECT MAX(turn) FROM runs WHERE phase = 'running'), 0)""").mapTo(long.class).one();
        long own = count(handle, """
                SELECT COALESCE(MAX(turn), 0) FROM runs WHERE client = ? AND phase IN ('queued', 'running')""", client);
        return Math.max(now, own) + 1;
    }

    private void check(Handle handle, String client, int runs) {
        if (count(handle, "SELECT COUNT(DISTINCT COALESCE(sweep_id, id)) FROM runs WHERE client = ? AND created > ?",
                client, clock.millis() - MINUTE) >= limits.perMinute()) {
            throw new Problem(HttpStatus.TOO_MANY_REQUESTS, "You asked for %d runs within a minute, the most that is"
                    .formatted(limits.perMinute()) + " allowed. Try again in a minute.");
        }
        long open = count(handle, "SELECT COUNT(DISTINCT COALESCE(sweep_id, id)) FROM runs WHERE client = ?"
                + " AND ended IS NULL", client);
        if (open >= limits.perClient()) {
            throw new Problem(HttpStatus.TOO_MANY_REQUESTS, "%d of your runs are not over yet, the most that is"
                    .formatted(open) + " allowed. Stop one, or wait for one to end.");
        }
        long all = count(handle, "SELECT COUNT(*) FROM runs WHERE ended IS NULL");
        if (all + runs > limits.queue()) {
            throw new Problem(HttpStatus.SERVICE_UNAVAILABLE, ("%d runs are waiting or running, and this server takes"
                    + " %d at most. Try again later%s.")
                    .formatted(all, limits.queue(), runs > 1 ? ", or with fewer" : ""));
        }
    }

    private static long count(Handle handle, String query, Object... values) {
        return handle.select(query, values).mapTo(long.class).one();
    }
}
