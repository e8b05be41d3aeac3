package dev.backstep.web.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.train.Effort;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.engine.train.RunJson;
import dev.backstep.engine.train.RunSession;
import dev.backstep.web.session.Editor;
import dev.backstep.web.train.Runner.Control;
import dev.backstep.web.train.Runner.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The page's side of a run on a server, with a server that answers as the real one does, when the test lets it. */
class ServerRunTest {
    private static final String ID = "abcdefghijklmnopqrstuvwx";

    private final Server server = new Server();
    private final ComputeServer place = new ComputeServer(server);
    private final Editor editor = new Parabola().editor;
    private final Training training = new Training(editor, TrainingTest.Here::new, null);

    private record Asked(String method, String path, String body, String token, Consumer<RunServer.Answer> answer) {
        void answer(int status, String text) {
            answer.accept(new RunServer.Answer(status, text));
        }
    }

    private static class Server implements RunServer {
        private final List<Asked> asked = new ArrayList<>();
        private final List<Runnable> later = new ArrayList<>();
        private byte[] result;
        private Ear ear;

        @Override
        public void send(String method, String path, String body, String token, Consumer<Answer> answer) {
            asked.add(new Asked(method, path, body, token, answer));
        }

        @Override
        public void fetch(String path, Consumer<Bytes> answer) {
            assertEquals("/api/runs/" + ID + "/result", path);
            answer.accept(result == null ? null : Bytes.of(result));
        }

        @Override
        public Stream listen(String path, Ear listener) {
            assertEquals("/api/runs/" + ID + "/events", path);
            ear = listener;
            return () -> ear = null;
        }

        @Override
        public void later(int millis, Runnable work) {
            later.add(work);
        }

        Asked last() {
            return asked.getLast();
        }
    }

    private void begin() {
        training.begin(editor.graph(), place.place());
        server.last().answer(202, "{\"id\":\"" + ID + "\",\"cancelToken\":\"secret\"}");
    }

    /** What a session of the engine tells of the document, with what it keeps at the end. */
    private List<RunEvent> events() {
        List<RunEvent> events = new ArrayList<>();
        var session = new RunSession(new Run(editor.graph(), Map.of(), null), events::add);
        session.send(new RunCommand.Resume());
        while (session.work(1_000)) {
            // The next thousandth.
        }
        session.send(new RunCommand.Save());
        for (RunEvent event : events) {
            if (event instanceof RunEvent.Saved saved) {
                server.result = saved.bytes();
            }
        }
        events.removeIf(event -> event instanceof RunEvent.Saved);
        return events;
    }

    private void tell(int from, List<RunEvent> events) {
        for (int i = from; i < events.size(); i++) {
            server.ear.event(i + 1, EventJson.write(events.get(i)));
        }
    }

    @Test
    void sendsTheDocumentAndTellsWhatTheServerTells() {
        begin();
        Asked asked = server.asked.getFirst();
        assertEquals("POST", asked.method());
        assertEquals(editor.graph(), RunJson.readRun(asked.body()).graph());
        assertEquals(Site.SERVER, training.site());
        assertEquals(ID, training.serverRun().id());
        assertTrue(training.serverRun().isQueued());
        assertFalse(training.isFresh(), "nothing takes the place of a run that was asked for in earnest");

        List<RunEvent> events = events();
        tell(0, events);
        assertEquals(State.DONE, training.log().state());
        assertFalse(training.isOpen());
        assertEquals(20, training.log().losses().size());
        assertEquals(Math.pow(2 * Math.pow(.8, 19), 2), training.log().losses().last(), 1e-12);
        assertEquals(20, training.kept().batch());
        assertArrayEquals(server.result, training.kept().bytes());
        assertNotNull(training.standing());

        // The next one is in the tab, unless somebody asks for the server again.
        training.run();
        assertEquals(Site.TAB, training.site());
        assertEquals(ID, training.past().getFirst().server());
        assertEquals(1, server.asked.size());
    }

    @Test
    void hearsNothingTwiceAndSaysThatItIsCutOff() {
        begin();
        List<RunEvent> events = events();
        tell(0, events.subList(0, events.size() - 2));
        long batch = training.log().batch();
        server.ear.dropped();
        assertTrue(training.serverRun().isCutOff());
        server.last().answer(Denial.UNREACHED, "");
        assertEquals(1, server.later.size(), "it is asked again");
        server.ear.connected();
        assertFalse(training.serverRun().isCutOff());
        int size = training.log().epochs().size();
        tell(0, events.subList(0, events.size() - 2));
        assertEquals(batch, training.log().batch());
        assertEquals(size, training.log().epochs().size());
        tell(events.size() - 2, events);
        assertEquals(20, training.log().losses().size());
    }

    @Test
    void isSteeredByItsToken() {
        begin();
        tell(0, List.of(new RunEvent.At(State.RUNNING, 3, 1, 10)));
        training.pause();
        assertEquals("PATCH /api/runs/" + ID + " {\"wanted\":\"pause\"} secret", text(server.last()));
        server.last().answer(Denial.UNREACHED, "");
        assertEquals(new Denial(Denial.UNREACHED, ""), training.denial());
        assertTrue(training.isRunning(), "it goes on as before");
        training.forgive();
        training.pause();
        server.last().answer(200, "{}");
        assertNull(training.denial());
        tell(1, List.of(new RunEvent.At(State.RUNNING, 3, 1, 10), new RunEvent.At(State.PAUSED, 4, 1, 10)));
        training.run();
        assertEquals("PATCH /api/runs/" + ID + " {\"wanted\":\"run\"} secret", text(server.last()));
        int asked = server.asked.size();
        training.batches(1);
        training.batches(-1);
        training.epoch();
        training.seek(0);
        training.reset();
        training.adopt();
        assertEquals(asked, server.asked.size(), "what cannot be done there is not asked for");
        training.stop();
        assertEquals("DELETE /api/runs/" + ID + " null secret", text(server.last()));
    }

    private static String text(Asked asked) {
        return asked.method() + " " + asked.path() + " " + asked.body() + " " + asked.token();
    }

    @Test
    void oneThatIsStoppedInTheQueueTellsNothingItself() {
        begin();
        training.stop();
        server.ear.end();
        server.last().answer(200, "{\"phase\":\"stopped\"}");
        assertEquals(State.STOPPED, training.log().state());
        assertFalse(training.isOpen());
    }

    @Test
    void aRefusalIsToldInTheServersWords() {
        training.begin(editor.graph(), place.place());
        server.last().answer(429, "{\"status\":429,\"detail\":\"10 of your runs are not over yet\"}");
        assertEquals(new Denial(429, "10 of your runs are not over yet"), training.denial());
        assertNotNull(training.lost());
        assertFalse(training.isStarting());
        training.goOnHere();
        assertEquals(State.DONE, training.log().state());
        assertEquals(Site.TAB, training.site());
    }

    @Test
    void whatIsGivenUpBeforeItHasANameIsStopped() {
        training.begin(editor.graph(), place.place());
        Asked asked = server.last();
        training.begin();
        asked.answer(202, "{\"id\":\"" + ID + "\",\"cancelToken\":\"secret\"}");
        assertEquals("DELETE /api/runs/" + ID + " null secret", text(server.last()));
        assertNull(server.ear);
    }

    @Test
    void aRunThatFailsOnTheServerCanGoOnHere() {
        begin();
        List<RunEvent> events = events();
        tell(0, List.of(events.getFirst(), new RunEvent.At(State.PAUSED, 20, 20, 10)));
        assertEquals(20, training.kept().batch());
        server.ear.end();
        server.last().answer(200, "{\"phase\":\"failed\",\"error\":\"it took too long\"}");
        assertEquals("it took too long", training.lost());
        assertEquals(Site.SERVER, training.site());
        training.goOnHere();
        assertEquals(Site.TAB, training.site());
        assertEquals(20, training.log().batch());
    }

    @Test
    void whoHasNoTokenWatches() {
        String other = "another-one-of-24-letter";
        training.begin(editor.graph(), new ComputeServer(new Server() {
            @Override
            public Stream listen(String path, Ear listener) {
                server.ear = listener;
                return () -> server.ear = null;
            }
        }).place(other));
        assertEquals(Control.WATCH, training.control());
        tell(0, List.of(new RunEvent.At(State.RUNNING, 3, 1, 10)));
        training.pause();
        training.stop();
        assertTrue(training.isRunning());
        assertEquals(List.of(), server.asked);
    }

    @Test
    void aRunThatIsNotThereIsSaid() {
        training.begin(editor.graph(), place.place(ID));
        server.ear.dropped();
        server.last().answer(404, "{\"detail\":\"There is no such run.\"}");
        assertEquals("There is no such run.", training.lost());
        assertNull(server.ear);
    }

    @Test
    void knowsWhetherThereIsAServer() {
        assertFalse(place.isKnown());
        place.look();
        server.last().answer(404, "<html>");
        assertTrue(place.isKnown());
        assertFalse(place.isThere());
        place.look();
        server.last().answer(200, "[{\"name\":\"cpu\",\"kind\":\"cpu\",\"ready\":true,\"reason\":\"fast\"},"
                + "{\"name\":\"cuda\",\"kind\":\"gpu\",\"ready\":false}]");
        assertTrue(place.isThere());
        assertEquals(List.of(new ComputeServer.Device("cpu", true, "fast", null),
                new ComputeServer.Device("cuda", false, null, null)), place.devices());
    }

    @Test
    void tellsFromTheServersSpeedHowFastARunWouldBe() {
        assertEquals(0, place.pace(editor.graph()), "nothing is known of it");
        String speed = "\"nanoseconds\":{\"call\":%s,\"step\":1,\"function\":1,\"product\":1,\"other\":1}";
        place.look();
        server.last().answer(200, "[{\"name\":\"cpu\",\"ready\":true," + speed.formatted(1_000_000) + "}]");
        // Of a net as small as this one a batch is its calls alone.
        double calls = Effort.of(editor.graph()).calls();
        assertTrue(calls > 3, "forward, backward, step: " + calls);
        assertEquals(1_000 / calls / 2, place.pace(editor.graph()), 0.01);
        place.look();
        server.last().answer(200, "[{\"name\":\"cpu\",\"ready\":true," + speed.formatted(1_000_000) + "},"
                + "{\"name\":\"cuda\",\"ready\":true," + speed.formatted(100_000) + "},"
                + "{\"name\":\"lost\",\"ready\":false," + speed.formatted(10) + "}]");
        assertEquals(10_000 / calls / 2, place.pace(editor.graph()), 0.1, "the fastest of those that are there");
        place.look();
        server.last().answer(200, "[{\"name\":\"cpu\",\"ready\":true}]");
        assertEquals(0, place.pace(editor.graph()));
    }

    @Test
    void remembersHowFastItWas() {
        assertEquals(0, training.pace(Site.SERVER, editor.graph()));
        begin();
        tell(0, List.of(new RunEvent.At(State.RUNNING, 3, 1, 10)));
        assertEquals(10, training.pace(Site.SERVER, editor.graph()));
        tell(1, List.of(new RunEvent.At(State.RUNNING, 3, 1, 10), new RunEvent.At(State.PAUSED, 5, 1, 12)));
        assertEquals(12, training.pace(Site.SERVER, editor.graph()));
        assertEquals(0, training.pace(Site.TAB, editor.graph()));
    }
}
