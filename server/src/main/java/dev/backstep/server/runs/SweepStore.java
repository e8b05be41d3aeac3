package dev.backstep.server.runs;

import dev.backstep.server.http.Tokens;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The sweeps in the database; their runs are {@link RunStore}'s. */
final class SweepStore {
    private final Jdbi jdbi;
    private final Clock clock;

    SweepStore(Jdbi jdbi, Clock clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** @param axes JSON; {@code created} is in milliseconds */
    record Row(String id, String axes, long created) {}

    void create(Handle handle, String id, String token, String axes) {
        handle.execute("INSERT INTO sweeps (id, token, axes, created) VALUES (?, ?, ?, ?)", id, Tokens.hash(token),
                axes, clock.millis());
    }

    Optional<Row> find(String id) {
        return jdbi.withHandle(handle -> handle.select("SELECT id, axes, created FROM sweeps WHERE id = ?", id)
                .map((row, _) -> new Row(row.getString("id"), row.getString("axes"), row.getLong("created")))
                .findOne());
    }

    /** Whether the token steers that sweep. */
    boolean isToken(String id, String token) {
        return jdbi.withHandle(handle -> handle.select("SELECT COUNT(*) FROM sweeps WHERE id = ? AND token = ?", id,
                Tokens.hash(token)).mapTo(long.class).one()) == 1;
    }
}
