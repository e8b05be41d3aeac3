package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Files, headers, errors and health, over real connections. */
class HttpTest extends ServerFixture {
    /** The address of the page's script, as the page names it. */
    private String script() {
        var matcher = Pattern.compile("src=\"(/js/boot-[^\"]+\\.js)\"").matcher(client.get("/").text());
        assertTrue(matcher.find(), "the page has a script with a hash in its name");
        return matcher.group(1);
    }

    @Test
    void hashedFilesAreCachedForEverAndThePageIsAskedForAgain() {
        var page = client.get("/");
        assertEquals("no-cache", page.header("Cache-Control"));
        assertEquals(304, client.get("/", "If-None-Match", page.header("ETag")).status());
        assertEquals(page.text(), client.get("/index.html").text());

        var script = client.get(script());
        assertEquals("public, max-age=31536000, immutable", script.header("Cache-Control"));
        assertEquals("text/javascript;charset=utf-8", script.header("Content-Type").replace(" ", "").toLowerCase());
    }

    @Test
    void sendsTheCodingThatTheClientTakes() throws IOException {
        var path = script();
        var plain = client.get(path);
        var gzip = client.get(path, "Accept-Encoding", "gzip");
        var brotli = client.get(path, "Accept-Encoding", "gzip, deflate, br;q=0.9");
        assertEquals("", plain.header("Content-Encoding"));
        assertEquals("gzip", gzip.header("Content-Encoding"));
        assertEquals("br", brotli.header("Content-Encoding"));
        assertEquals("Accept-Encoding", gzip.header("Vary"));
        assertEquals("", client.get(path, "Accept-Encoding", "br;q=0, gzip;q=0.0").header("Content-Encoding"));
        var unpacked = new GZIPInputStream(new ByteArrayInputStream(gzip.response().body())).readAllBytes();
        assertArrayEquals(plain.response().body(), unpacked);
        assertTrue(brotli.response().body().length < gzip.response().body().length);
        assertEquals(String.valueOf(brotli.response().body().length), brotli.header("Content-Length"));
        assertEquals(brotli.header("Content-Length"), client.send("HEAD", path, BodyPublishers.noBody(),
                "Accept-Encoding", "br").header("Content-Length"));
    }

    @Test
    void webAssemblyHasItsType() {
        String start = found("src=\"(/js/boot-[^\"]+\\.js)\"", client.get("/").text());
        String program = found("\"app.wasm\":\"(/app-[^\"]+\\.wasm)\"", client.get(start).text());
        assertEquals("application/wasm", client.get(program).header("Content-Type"));
    }

    private static String found(String pattern, String text) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        for (var path : new String[] {"/", script(), "/api/health", "/nowhere"}) {
            var answer = client.get(path);
            var policy = answer.header("Content-Security-Policy");
            assertTrue(policy.contains("default-src 'none'"), path + ": " + policy);
            assertTrue(policy.contains("frame-ancestors 'self'"), path + ": " + policy);
            assertFalse(policy.contains("'unsafe-"), path + ": " + policy);
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
            assertEquals("same-origin", answer.header("Cross-Origin-Opener-Policy"));
            assertFalse(answer.header("Permissions-Policy").isEmpty());
            assertFalse(answer.header("Referrer-Policy").isEmpty());
        }
    }

    @Test
    void onlyTheEmbeddedFormMayBeFramed() {
        for (var path : new String[] {"/?embed", "/?theme=dark&embed=1"}) {
            var answer = client.get(path);
            assertTrue(answer.header("Content-Security-Policy").endsWith("frame-ancestors *"));
            assertEquals("", answer.header("X-Frame-Options"));
        }
        assertEquals("SAMEORIGIN", client.get("/?embedded=1").header("X-Frame-Options"));
    }

    @Test
    void errorsAreProblems() {
        for (var path : new String[] {"/nowhere", "/api/nowhere", "/files.json", "/js/"}) {
            assertProblem(404, client.get(path));
        }
        for (var path : new String[] {"/../../etc/passwd", "/%2e%2e/files.json", "//etc/passwd"}) {
            var answer = client.get(path);
            assertTrue(answer.status() == 400 || answer.status() == 404, path + ": " + answer.status());
        }
        var put = client.send("PUT", "/api/links", BodyPublishers.ofString("{}"));
        assertProblem(405, put);
        assertEquals("POST", put.header("Allow"));
        assertTrue(put.json().path("detail").asText().contains("POST"), put.text());
        assertProblem(404, client.post("/nowhere", "{}"));
    }

    @Test
    void whatJettyRefusesIsAProblemToo() throws IOException {
        try (var socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write("GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("Content-Type: application/problem+json"), answer);
            assertTrue(answer.contains("\"status\":400"), answer);
        }
    }

    @Test
    void aFailureSaysNothingOfTheInside() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("backstep.db"));
                var statement = connection.createStatement()) {
            statement.execute("DROP TABLE link_tokens");
        }
        var answer = client.post("/api/links", "{\"format\":1,\"nodes\":[]}");
        assertProblem(500, answer);
        assertFalse(answer.text().contains("link_tokens"), answer.text());
    }

    @Test
    void aDatabaseThatIsBusyIsSaid() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("backstep.db"));
                var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            var answer = client.post("/api/links", "{\"format\":1,\"nodes\":[]}");
            assertProblem(503, answer);
            assertEquals("5", answer.header("Retry-After"));
            statement.execute("ROLLBACK");
        }
        assertEquals(201, client.post("/api/links", "{\"format\":1,\"nodes\":[]}").status());
    }

    @Test
    void tellsItsHealth() {
        var answer = client.get("/api/health");
        assertEquals(200, answer.status());
        assertEquals("""
                {"live":true,"ready":true,"checks":{"database":"up","server":"up"}}""", answer.text());
    }

    @Test
    void tellsWhatComputesAndWhyOtherThingsDoNot() {
        for (var device : client.get("/api/devices").json()) {
            assertTrue(device.path("ready").asBoolean() || !device.path("reason").asText().isEmpty(), device::toString);
        }
        assertEquals("cpu", client.get("/api/devices").json().at("/0/name").asText());
    }

    @Test
    void tellsHowFastItComputes() throws InterruptedException {
        var speed = client.get("/api/devices").json().at("/0/nanoseconds");
        for (int i = 0; i < 600 && speed.isMissingNode(); i++) {
            Thread.sleep(100);
            speed = client.get("/api/devices").json().at("/0/nanoseconds");
        }
        assertEquals(5, speed.size());
        // From a core of the nineties to more than there is.
        for (var nanos : speed) {
            assertTrue(nanos.asDouble() > 1e-4 && nanos.asDouble() < 1e5, speed::toString);
        }
        assertTrue(speed.path("product").asDouble() < speed.path("function").asDouble(), speed::toString);
    }

    /** Many at one moment: each that is open is answered. */
    @Test
    void aThousandConnectionsAtOnceAreAllAnswered() throws InterruptedException {
        var outcome = new LoadClients(server.port(), List.of("/api/links/none")).run(1_000, 1);
        assertEquals(Set.of("status 404"), outcome.errors().keySet());
    }

    @Test
    void countsRequestsByRoute() {
        client.get("/api/links/none");
        client.get("/api/links/nothing");
        var figures = client.get("/metrics").text();
        assertTrue(figures.contains("http_server_requests_seconds_count{method=\"GET\",route=\"/api/links/{id}\","
                + "status=\"404\"} 2"), figures);
        assertTrue(figures.contains("backstep_runs{phase=\"queued\"} 0.0"), figures);
    }

    @Test
    void describesEveryRoute() {
        Set<String> paths = new TreeSet<>();
        client.get("/openapi.json").json().path("paths").fieldNames().forEachRemaining(paths::add);
        assertEquals(new TreeSet<>(Set.of("/api/health", "/api/devices", "/metrics", "/api/links", "/api/links/{id}",
                "/api/runs", "/api/runs/{id}", "/api/runs/{id}/document", "/api/runs/{id}/events",
                "/api/runs/{id}/result", "/api/sweeps", "/api/sweeps/{id}", "/s/{id}", "/s/{id}.png")), paths);
    }

    private static void assertProblem(int status, Client.Answer answer) {
        assertEquals(status, answer.status(), answer.text());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertEquals("no-store", answer.header("Cache-Control"));
        assertEquals(status, answer.json().path("status").asInt());
        assertFalse(answer.json().path("title").asText().isEmpty());
    }
}
