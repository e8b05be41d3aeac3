package dev.backstep.server;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** Whether the process answers (liveness) and whether it can do its work (readiness). */
final class Health {
    private final Database database;
    private volatile boolean stopping;

    Health(Database database) {
        this.database = database;
    }

    private record State(boolean live, boolean ready, Checks checks) {}

    private record Checks(String database, String server) {}

    /** From now on not ready, so that a balancer sends its requests elsewhere. */
    void stopping() {
        stopping = true;
    }

    /** 200 when ready, else 503; the body tells both, and what is amiss. */
    void show(Context ctx) {
        var checks = new Checks(database.answers() ? "up" : "down", stopping ? "stopping" : "up");
        boolean ready = checks.database().equals("up") && !stopping;
        ctx.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .header("Cache-Control", "no-store")
                .json(new State(true, ready, checks));
    }
}
