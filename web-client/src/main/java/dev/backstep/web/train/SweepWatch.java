package dev.backstep.web.train;

import dev.backstep.engine.graph.GraphException;
import dev.backstep.web.train.SweepTable.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A sweep that is looked at: asked for once a second until all of its runs have ended, but not while nobody sees it.
 * The browser asks with the tag of what it has, so a table that is as it was is not sent again.
 */
public final class SweepWatch {
    private static final int EVERY_MS = 1_000;
    /** A run that goes on is drawn anew only so often, in rounds. */
    private static final int CURVE_ROUNDS = 3;
    /** How many curves are asked for in a round. */
    private static final int CURVES = 4;
    private static final int GONE = 404;

    private final RunServer server;
    private final String id;
    private final BooleanSupplier hidden;
    private final Runnable changed;
    private final Map<String, Drawn> curves = new HashMap<>();
    /** The runs whose curves are on their way. */
    private final Set<String> awaited = new HashSet<>();
    private String told = "";
    private SweepTable table;
    private Denial denial;
    private int round;
    private boolean closed;

    /**
     * @param batch at which the curve was asked for; -1 where its run had ended
     * @param round in which it was
     */
    private record Drawn(SweepCurve curve, long batch, int round) {
        static final long ENDED = -1;
    }

    SweepWatch(RunServer server, String id, BooleanSupplier hidden, Runnable changed) {
        this.server = server;
        this.id = id;
        this.hidden = hidden;
        this.changed = changed;
        ask();
    }

    /** Its name on the server. */
    public String id() {
        return id;
    }

    /** How its runs do; null before that is known. */
    public SweepTable table() {
        return table;
    }

    /** Why it cannot be shown, or not be shown as it is now; null where it can. */
    public Denial denial() {
        return denial;
    }

    /** The curve of a run as far as it was fetched; null before. */
    public SweepCurve curve(String run) {
        Drawn drawn = curves.get(run);
        return drawn == null ? null : drawn.curve();
    }

    /** Whether there is no such sweep. */
    public boolean isGone() {
        return denial != null && denial.status() == GONE;
    }

    private void ask() {
        server.send("GET", "/api/sweeps/" + id, null, null, answer -> {
            if (closed) {
                return;
            }
            take(answer);
            if (table != null) {
                fetchCurves();
            }
            if (!isGone() && !isComplete()) {
                later();
            }
        });
    }

    private void take(RunServer.Answer answer) {
        Denial before = denial;
        denial = answer.isOk() ? null : Denial.of(answer);
        if (answer.isOk() && !answer.text().equals(told)) {
            try {
                table = SweepTable.read(answer.text());
                told = answer.text();
            } catch (GraphException unreadable) {
                denial = new Denial(answer.status(), unreadable.getMessage());
            }
            changed.run();
        } else if (denial == null ? before != null : !denial.equals(before)) {
            changed.run();
        }
    }

    private boolean isComplete() {
        return table != null && table.over() && denial == null
                && table.rows().stream().allMatch(row -> isDrawn(curves.get(row.run())));
    }

    private static boolean isDrawn(Drawn drawn) {
        return drawn != null && drawn.batch() == Drawn.ENDED;
    }

    private void later() {
        server.later(EVERY_MS, () -> {
            if (closed) {
                return;
            }
            if (hidden.getAsBoolean()) {
                later();
            } else {
                ask();
            }
        });
    }

    private void fetchCurves() {
        round++;
        int asked = 0;
        for (Row row : table.rows()) {
            if (asked < CURVES && isStale(row)) {
                asked++;
                fetch(row);
            }
        }
    }

    private boolean isStale(Row row) {
        Drawn drawn = curves.get(row.run());
        if (awaited.contains(row.run())) {
            return false;
        }
        if (drawn == null) {
            return row.isOver() || row.batch() > 0;
        }
        return drawn.batch() != Drawn.ENDED
                && (row.isOver() || row.batch() > drawn.batch() && round - drawn.round() >= CURVE_ROUNDS);
    }

    private void fetch(Row row) {
        long batch = row.isOver() ? Drawn.ENDED : row.batch();
        int now = round;
        awaited.add(row.run());
        server.send("GET", "/api/runs/" + row.run() + "/result?format=json&batches=false", null, null, answer -> {
            awaited.remove(row.run());
            if (closed || !answer.isOk()) {
                return;
            }
            try {
                curves.put(row.run(), new Drawn(SweepCurve.read(answer.text()), batch, now));
                changed.run();
            } catch (GraphException unreadable) {
                // As where no answer came: it is asked for again.
                return;
            }
        });
    }

    void close() {
        closed = true;
    }
}
