package dev.backstep.web.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.graph.GraphJson;
import dev.backstep.web.train.SweepTable.Column;
import dev.backstep.web.train.SweepTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A sweep that is asked for and looked at, with a server that answers when the test lets it. */
class SweepsTest {
    private static final String ID = "abcdefghijklmnopqrstuvwx";
    private static final String CURVES = "{\"run\":\"r1\",\"batches\":[[1.5,2],[null,1]],\"epochs\":["
            + "{\"epoch\":1,\"batch\":1,\"trainLoss\":0.7,\"testLoss\":0.8},"
            + "{\"epoch\":4,\"batch\":2,\"trainLoss\":0.5,\"testLoss\":null}]}";

    private record Asked(String method, String path, String body, String token,
            Consumer<RunServer.Answer> answer) {
        void answer(int status, String text) {
            answer.accept(new RunServer.Answer(status, text));
        }
    }

    private static final class Server implements RunServer {
        private final List<Asked> asked = new ArrayList<>();
        private final List<Runnable> later = new ArrayList<>();

        @Override
        public void send(String method, String path, String body, String token, Consumer<Answer> answer) {
            asked.add(new Asked(method, path, body, token, answer));
        }

        @Override
        public void fetch(String path, Consumer<Bytes> answer) {
            throw new AssertionError(path);
        }

        @Override
        public Stream listen(String path, Ear ear) {
            throw new AssertionError(path);
        }

        @Override
        public void later(int millis, Runnable work) {
            later.add(work);
        }

        Asked take() {
            return asked.removeFirst();
        }

        /** Time goes on. */
        void wake() {
            later.removeFirst().run();
        }
    }

    private final Server server = new Server();
    private boolean hidden;
    private final Sweeps sweeps = new Sweeps(server, () -> hidden);

    private static String row(int number, String lr, String phase, String more) {
        return "{\"run\":\"r" + number + "\",\"values\":[" + lr + ",[[2],\"MLP(2, " + 2 * number + ", 1)\"]],"
                + "\"phase\":\"" + phase + "\",\"batch\":5,\"total\":10,\"epoch\":1,\"rate\":0" + more + "}";
    }

    private static String table(boolean over, String... rows) {
        return "{\"id\":\"" + ID + "\",\"over\":" + over + ",\"axes\":[{\"name\":\"adam.lr\",\"of\":[{\"node\":\"a\","
                + "\"attr\":\"lr\"}]},{\"name\":\"mlp1.width\",\"of\":[{\"node\":\"w\",\"attr\":\"size\"},"
                + "{\"node\":\"f\",\"attr\":\"layer\"}]}],\"points\":[" + String.join(",", rows) + "]}";
    }

    private static List<String> runs(List<Row> rows) {
        return rows.stream().map(Row::run).toList();
    }

    @Test
    void readsAndSortsTheTable() {
        SweepTable table = SweepTable.read(table(false, row(1, "0.1", "done", ",\"bestLoss\":0.2,\"testLoss\":0.3"),
                row(2, "0.03", "running", ""), row(3, "1", "failed", ",\"error\":\"too large\""),
                row(4, "0.03", "done", ",\"bestLoss\":0.1,\"testLoss\":0.9")));
        assertEquals(List.of("adam.lr", "mlp1.width"), table.axes());
        assertEquals(List.of(0.03, 4.0), table.rows().get(1).values());
        assertEquals("r4", table.best().run());
        assertEquals(3, table.ended());
        assertEquals(0.5, table.rows().getFirst().progress());
        assertEquals("too large", table.rows().get(2).error());
        assertEquals(List.of("r2", "r4", "r1", "r3"), runs(table.byAxis(0, false)));
        assertEquals(List.of("r3", "r1", "r2", "r4"), runs(table.byAxis(0, true)));
        assertEquals(List.of("r1", "r4", "r2", "r3"), runs(table.by(Column.TEST_LOSS, false)));
        assertEquals(List.of("r4", "r1", "r2", "r3"), runs(table.by(Column.TEST_LOSS, true)));
        assertEquals(List.of("r2", "r1", "r4", "r3"), runs(table.by(Column.STATE, false)));
    }

    @Test
    void asksOnceASecondUntilAllIsThereButNotUnseen() {
        sweeps.open(ID);
        assertEquals("/api/sweeps/" + ID, server.asked.getFirst().path());
        server.take().answer(200, table(false, row(1, "0.1", "done", ""), row(2, "0.1", "queued", "")));
        // The curve of the run that has ended, and of one that has taken batches.
        assertEquals("/api/runs/r1/result?format=json&batches=false", server.asked.getFirst().path());
        server.take().answer(200, CURVES);
        assertArrayEquals(new int[] {1, 4}, sweeps.watch().curve("r1").epochs());
        assertArrayEquals(new double[] {0.7, 0.5}, sweeps.watch().curve("r1").train());
        assertArrayEquals(new double[] {0.8, Double.NaN}, sweeps.watch().curve("r1").test());
        server.take().answer(200, CURVES);
        hidden = true;
        server.wake();
        assertEquals(List.of(), server.asked, "nobody sees it");
        hidden = false;
        server.wake();
        server.take().answer(0, "");
        assertEquals(Denial.UNREACHED, sweeps.watch().denial().status());
        assertEquals(2, sweeps.watch().table().rows().size(), "what is known stays");
        server.wake();
        server.take().answer(200, table(true, row(1, "0.1", "done", ""), row(2, "0.1", "done", "")));
        assertNull(sweeps.watch().denial());
        assertEquals("/api/runs/r2/result?format=json&batches=false", server.asked.getFirst().path());
        server.take().answer(503, "");
        server.wake();
        server.take().answer(200, table(true, row(1, "0.1", "done", ""), row(2, "0.1", "done", "")));
        assertEquals("/api/runs/r2/result?format=json&batches=false", server.asked.getFirst().path(), "once more");
        server.take().answer(200, CURVES);
        server.wake();
        server.take().answer(200, table(true, row(1, "0.1", "done", ""), row(2, "0.1", "done", "")));
        assertEquals(List.of(), server.later, "all is there");
        assertEquals(List.of(), server.asked);
    }

    @Test
    void asksForOneAndStopsItWithItsToken() {
        List<Denial> answers = new ArrayList<>();
        SweepPlan plan = new SweepPlan(GraphJson.read("{\"format\":1,\"nodes\":[],\"wires\":[]}"), List.of());
        sweeps.begin(plan, answers::add);
        Asked asked = server.take();
        assertEquals("POST /api/sweeps " + plan.request(), asked.method() + " " + asked.path() + " " + asked.body());
        asked.answer(413, "{\"detail\":\"The grid has 200 points; this server takes 100.\"}");
        assertEquals(List.of(new Denial(413, "The grid has 200 points; this server takes 100.")), answers);
        assertNull(sweeps.watch());
        sweeps.begin(plan, answers::add);
        server.take().answer(202, "{\"id\":\"" + ID + "\",\"runs\":[],\"cancelToken\":\"secret\"}");
        assertNull(answers.getLast());
        assertEquals(ID, sweeps.watch().id());
        assertTrue(sweeps.isOwn());
        server.take();
        sweeps.stop(answers::add);
        assertEquals("DELETE", server.asked.getFirst().method());
        assertEquals("secret", server.take().token());
        sweeps.open("abcdefghijklmnopqrstuvwy");
        assertFalse(sweeps.isOwn(), "somebody else asked for it");
    }

    @Test
    void saysThatThereIsNone() {
        sweeps.open(ID);
        server.take().answer(404, "{\"detail\":\"There is no such sweep.\"}");
        assertTrue(sweeps.watch().isGone());
        assertEquals("There is no such sweep.", sweeps.watch().denial().detail());
        assertEquals(List.of(), server.later);
    }
}
