package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program starts, refuses to start, and stops. */
class ProgramIT {
    @TempDir
    Path data;

    @Test
    void makesItsDataFolder() throws IOException, InterruptedException {
        var folder = data.resolve("a/b");
        try (var program = Program.start(folder)) {
            program.port();
            assertTrue(Files.exists(folder.resolve("backstep.db")));
        }
    }

    @Test
    void aPortInUseIsToldWithTheRemedy() throws IOException, InterruptedException {
        try (var taken = new ServerSocket(0);
                var program = new Program("", Map.of(
                        "PORT", "" + taken.getLocalPort(), "BACKSTEP_DATA", data.toString()))) {
            assertRefused(program, "Port " + taken.getLocalPort(), "PORT=" + (taken.getLocalPort() + 1));
        }
    }

    @Test
    void aDataFolderThatCannotBeWrittenIsToldWithTheRemedy() throws IOException, InterruptedException {
        var file = Files.createFile(data.resolve("file"));
        try (var program = new Program("", Map.of("PORT", "0", "BACKSTEP_DATA", file.resolve("data").toString()))) {
            assertRefused(program, file.toString(), "BACKSTEP_DATA");
        }
    }

    @Test
    void aDatabaseThatIsNoneIsTold() throws IOException, InterruptedException {
        Files.writeString(data.resolve("backstep.db"), "no database ".repeat(1_000));
        try (var program = Program.start(data)) {
            assertRefused(program, "backstep.db", "BACKSTEP_DATA");
        }
    }

    @Test
    void aBadSettingIsTold() throws IOException, InterruptedException {
        try (var program = new Program("", Map.of("PORT", "eighty"))) {
            assertRefused(program, "PORT is \"eighty\"", "0 to 65535");
        }
    }

    private static void assertRefused(Program program, String... words) throws IOException, InterruptedException {
        assertEquals(Refusal.EXIT_STATUS, program.end());
        var output = program.output();
        for (var word : words) {
            assertTrue(output.contains(word), output);
        }
        assertFalse(output.contains("\tat "), output);
    }

    @Test
    void aFullDiskIsToldAndHarmsNothing() throws IOException, InterruptedException {
        // A limit on the size of files (in blocks of 512 bytes) is as good as a full disk, and needs no rights.
        try (var program = new Program("ulimit -f 6000;", Map.of("PORT", "0", "BACKSTEP_DATA", data.toString()));
                var client = new Client(program.port())) {
            var first = client.post("/api/links", document("0"));
            assertEquals(201, first.status(), first.text());
            var path = first.header("Location");
            Client.Answer answer;
            int links = 0;
            do {
                answer = client.post("/api/links", document(links + ",0".repeat(90_000)));
            } while (answer.status() == 201 && ++links < 100);
            assertEquals(507, answer.status(), answer.text());
            assertEquals("application/problem+json", answer.header("Content-Type"));
            assertEquals(200, client.get(path).status());
        }
    }

    @Test
    void finishesWhatIsUnderWayWhenTerminated() throws IOException, InterruptedException {
        try (var program = Program.start(data); var socket = new Socket("localhost", program.port())) {
            var body = document("1").getBytes(StandardCharsets.US_ASCII);
            var out = socket.getOutputStream();
            out.write(("POST /api/links HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, 20);
            out.flush();
            Thread.sleep(500);
            program.terminate();
            Thread.sleep(500);
            out.write(body, 20, body.length - 20);
            out.flush();
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertEquals("HTTP/1.1 201 Created", answer.readLine());
            assertEquals(143, program.end());
        }
    }

    @Test
    void keepsRunsAndEndsTheirStreamsWhenTerminated() throws IOException, InterruptedException {
        String run;
        try (var program = Program.start(data)) {
            int port = program.port();
            try (var client = new Client(port)) {
                run = client.post("/api/runs", Training.of("spiral", 100_000).json()).json().path("id").asText();
            }
            assertEquals(3, Watcher.watch(port, run, 0, 3).size(), "it is under way");
            program.terminate();
            var told = Watcher.watch(port, run, 3, Integer.MAX_VALUE);
            assertTrue(told.isEmpty() || !told.getLast().data().equals("end"), "the stream ends, and the run does not");
            assertEquals(143, program.end());
            assertLinesCarry(run, program.output());
        }
        try (var program = Program.start(data); var client = new Client(program.port())) {
            var kept = client.get("/api/runs/" + run).json();
            assertTrue(kept.path("ended").isMissingNode(), kept::toString);
            assertTrue(kept.path("batch").asLong() > 0, kept::toString);
        }
    }

    private static void assertLinesCarry(String run, String output) {
        var lines = output.lines()
                .filter(line -> line.contains(" backstep.runs ") && !line.contains("takes runs")).toList();
        assertTrue(lines.size() >= 2, output);
        lines.forEach(line -> assertTrue(line.contains(" run=\"" + run + "\" "), line));
        assertTrue(lines.getFirst().contains("begins") && lines.getLast().contains("queued"), output);
    }

    /** A document with one leaf of these numbers. */
    private static String document(String numbers) {
        return "{\"format\":1,\"nodes\":[{\"id\":\"x\",\"type\":\"tensor\",\"attrs\":{\"data\":[" + numbers + "]}}]}";
    }
}
