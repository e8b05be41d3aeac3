package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class LinksTest extends ServerFixture {
    private static final String DOCUMENT = """
            {"format":1,"nodes":[{"id":"x","type":"tensor","attrs":{"data":[1,2,3]},"at":[0,0]},
            {"id":"y","type":"tanh","at":[240,80]}],"wires":[{"from":["x",0],"to":["y",0]}]}""";

    @Test
    void leadsToTheDocument() {
        var made = client.post("/api/links", DOCUMENT);
        assertEquals(201, made.status());
        var id = made.json().path("id").asText();
        assertTrue(id.length() >= 12, id);
        assertEquals("/api/links/" + id, made.header("Location"));
        assertEquals("http://localhost:" + server.port() + "/s/" + id, made.json().path("url").asText());
        var life = Duration.between(Instant.now(), Instant.parse(made.json().path("expires").asText()));
        assertEquals(7 * 24, life.plusMinutes(1).toHours());

        var got = client.get("/api/links/" + id);
        assertEquals(200, got.status());
        assertEquals("application/json", got.header("Content-Type"));
        assertEquals("[1,2,3]", got.json().at("/nodes/0/attrs/data").toString());
        var caching = got.header("Cache-Control");
        assertTrue(caching.matches("public, max-age=\\d{6}, immutable"), caching);
        assertEquals(304, client.get("/api/links/" + id, "If-None-Match", got.header("ETag")).status());
        assertEquals(200, client.get("/api/links/" + id, "If-None-Match", "\"other\"").status());
        assertEquals(200, client.send("HEAD", "/api/links/" + id, BodyPublishers.noBody()).status());
    }

    @Test
    void theSameDocumentHasTheSameId() {
        var one = client.post("/api/links", "{\"format\":1,\"nodes\":[],\"wires\":[]}").json();
        var same = client.post("/api/links", " {\"wires\":[ ], \"nodes\":[],\n\"format\":1} ").json();
        var other = client.post("/api/links", DOCUMENT).json();
        assertEquals(one.path("id"), same.path("id"));
        assertNotEquals(one.path("deleteToken"), same.path("deleteToken"));
        assertNotEquals(one.path("id"), other.path("id"));
    }

    @Test
    void livesUntilEveryTokenIsUsed() {
        var first = client.post("/api/links", DOCUMENT).json();
        var second = client.post("/api/links", DOCUMENT).json();
        var path = "/api/links/" + first.path("id").asText();

        assertEquals(403, client.delete(path, "made-up").status());
        assertEquals(204, client.delete(path, first.path("deleteToken").asText()).status());
        assertEquals(200, client.get(path).status());
        assertEquals(403, client.delete(path, first.path("deleteToken").asText()).status());
        assertEquals(204, client.delete(path, second.path("deleteToken").asText()).status());

        assertEquals(410, client.get(path).status());
        assertEquals(410, client.delete(path, second.path("deleteToken").asText()).status());
        assertEquals(410, client.get("/s/" + first.path("id").asText()).status());
        assertEquals(410, client.get("/s/" + first.path("id").asText() + ".png").status());

        assertEquals(first.path("id"), client.post("/api/links", DOCUMENT).json().path("id"));
        assertEquals(200, client.get(path).status());
        assertEquals(403, client.delete(path, first.path("deleteToken").asText()).status());
    }

    @Test
    void carriesHowOneLookedAtIt() {
        var made = client.post("/api/links", "{\"step\": 2, \"document\": " + DOCUMENT + ", \"language\": \"en\"}");
        assertEquals(201, made.status(), made.text());
        var got = client.get(made.header("Location")).json();
        assertEquals(2, got.path("step").asInt());
        assertEquals(2, got.path("document").path("nodes").size());
        assertTrue(client.get("/s/" + made.json().path("id").asText()).text().contains("A graph of tanh"));
        assertProblem(422, "document", client.post("/api/links", "{\"document\":{}}"));
    }

    @Test
    void deletingAsksForAToken() {
        var id = client.post("/api/links", DOCUMENT).json().path("id").asText();
        var answer = client.send("DELETE", "/api/links/" + id, BodyPublishers.noBody());
        assertEquals(401, answer.status());
        assertEquals("Bearer", answer.header("WWW-Authenticate"));
        assertEquals(404, client.delete("/api/links/0000000000000000", "token").status());
    }

    @Test
    void outlivesTheServer() {
        var id = client.post("/api/links", DOCUMENT).json().path("id").asText();
        stop();
        start();
        assertEquals(200, client.get("/api/links/" + id).status());
    }

    @Test
    void hasAPageForPreviews() throws IOException {
        var id = client.post("/api/links", DOCUMENT).json().path("id").asText();
        var page = client.get("/s/" + id);
        assertEquals(200, page.status());
        assertEquals("text/html", page.header("Content-Type").split(";")[0]);
        var html = page.text();
        assertTrue(html.contains("<title>A graph of tanh · Backstep</title>"), html);
        assertTrue(html.contains("content=\"2 nodes and 1 wire."), html);
        var picture = "http://localhost:" + server.port() + "/s/" + id + ".png";
        assertTrue(html.contains("<meta property=\"og:image\" content=\"" + picture + "\">"), html);
        assertTrue(html.contains("<script type=\"module\" src=\"/js/boot"), html);

        var drawn = client.get("/s/" + id + ".png");
        assertEquals("image/png", drawn.header("Content-Type"));
        var image = ImageIO.read(new ByteArrayInputStream(drawn.response().body()));
        assertEquals(1200, image.getWidth());
        assertEquals(630, image.getHeight());
        assertNotEquals(image.getRGB(0, 0), image.getRGB(600, 315), "the wire crosses the middle");
    }

    @Test
    void thePageOfNoLinkIsThePlaygroundToo() {
        var page = client.get("/s/0000000000000000");
        assertEquals(404, page.status());
        assertTrue(page.text().contains("<title>Link not found"), page.text());
        assertTrue(page.text().contains("/js/boot"), page.text());
    }

    @Test
    void refusesWhatIsNoDocument() {
        assertProblem(400, "", client.post("/api/links", "{"));
        assertProblem(400, "", client.post("/api/links", ""));
        assertProblem(422, "document", client.post("/api/links", "[]"));
        assertProblem(422, "nodes[1].type", client.post("/api/links", DOCUMENT.replace("tanh", "tan<b>h")));
        assertProblem(422, "", client.post("/api/links", "[".repeat(5_000) + "]".repeat(5_000)));
        assertProblem(400, "UTF-8", client.send("POST", "/api/links",
                BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xff, '"'}), "Content-Type", "application/json"));
        assertProblem(415, "application/json", client.send("POST", "/api/links",
                BodyPublishers.ofString("{}"), "Content-Type", "text/plain"));
        assertProblem(413, "20,000 bytes",
                client.post("/api/links", "{\"nodes\":\"" + "x".repeat(MAX_DOCUMENT_BYTES) + "\"}"));
    }

    private static void assertProblem(int status, String words, Client.Answer answer) {
        assertEquals(status, answer.status(), answer.text());
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertEquals(status, answer.json().path("status").asInt());
        assertTrue(answer.json().path("detail").asText().contains(words), answer.text());
    }
}
