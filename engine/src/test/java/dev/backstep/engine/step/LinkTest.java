package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.LinkCodec;
import dev.backstep.engine.graph.Reason.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final Path ARCHIVE = Path.of("src/test/resources/links");

    @Test
    void carriesTheDocumentAndHowItWasLookedAt() throws IOException {
        Graph graph = ExamplesTest.read("product-and-square");
        List<Action> calls = List.of(
                new BackwardCall(graph.named("uv"), 2.0, true, false), new BackwardCall(null, null, false, true));
        SharedRun run = new SharedRun(graph, calls, 7, "zh-CN", List.of("palette", "timeline"));
        String link = Deflate.link(run.write());
        assertEquals(run, Deflate.open(link));
        assertEquals(run, Deflate.open("#" + link));
        assertTrue(LinkCodec.isLink("#" + link));
        Playback playback = Deflate.open(link).replay();
        assertEquals(7, playback.step());
        assertEquals(calls, playback.actions());

        SharedRun plain = new SharedRun(graph, List.of(), SharedRun.NOT_RUN, null, List.of());
        assertEquals(plain, Deflate.open(Deflate.link(plain.write())));
        assertEquals(0, plain.replay().timeline().size());
    }

    /** An example fits into a link that every messenger takes whole. */
    @Test
    void isShort() throws IOException {
        for (Object entry : ExamplesTest.index()) {
            String id = ((JsonObject) entry).getString("id");
            SharedRun run = new SharedRun(ExamplesTest.read(id), List.of(BackwardCall.PLAIN), 3, "en", List.of());
            String link = Deflate.link(run.write());
            assertTrue(link.length() < 2_000, () -> id + ": " + link.length());
        }
    }

    @Test
    void saysThatItWasCut() throws IOException {
        String link = Deflate.link(exampleJson());
        for (int length = 2; length < link.length(); length++) {
            assertRefused(Code.CUT_LINK, link.substring(0, length));
        }
    }

    @Test
    void saysThatItWasAltered() throws IOException {
        String link = Deflate.link(exampleJson());
        int payload = link.lastIndexOf('.') + 1;
        for (int i = payload; i < link.length() - 1; i++) {
            char other = link.charAt(i) == 'A' ? 'B' : 'A';
            assertRefused(Code.ALTERED_LINK, link.substring(0, i) + other + link.substring(i + 1));
        }
        assertRefused(Code.ALTERED_LINK, link + ".");
        assertRefused(Code.ALTERED_LINK, link.replace("g=1.", "g=1.-"));
        assertRefused(Code.ALTERED_LINK, "g=x.1.1.1.AA");
        assertRefused(Code.ALTERED_LINK, "g=12345678901.1.1.1.AA");
    }

    @Test
    void saysWhatItIsNot() {
        assertRefused(Code.NOT_A_LINK, "");
        assertRefused(Code.NOT_A_LINK, "#about");
        assertRefused(Code.NEWER_LINK, "g=2.anything");
        assertRefused(Code.TOO_LARGE_LINK, "g=1.2000001.10.00000000.AAAAAAAAAAAAAA");
        assertRefused(Code.TOO_LARGE_LINK, "g=" + "A".repeat(2_000_000));
        assertFalse(LinkCodec.isLink("#about"));
    }

    /** The declared length bounds what is unpacked, and a payload that holds more was not made here. */
    @Test
    void deflateBombsAreNotUnpacked() {
        byte[] bomb = Deflate.pack(new byte[50_000_000]);
        String honest = LinkCodec.write(new byte[50_000_000], bomb);
        assertRefused(Code.TOO_LARGE_LINK, honest);
        assertRefused(Code.ALTERED_LINK, honest.replace("50000000", "1000"));
        assertRefused(Code.ALTERED_LINK, honest.replace("50000000", "2000000"));
    }

    @Test
    void theChecksumIsThatOfZip() throws IOException {
        byte[] json = exampleJson().getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(json);
        assertEquals((int) crc.getValue(), LinkCodec.read(Deflate.link(exampleJson())).checksum());
    }

    /** Every version ever released loads for ever. */
    @Test
    void archivedLinksLoad() throws IOException {
        int count = 0;
        for (String line : Files.readAllLines(ARCHIVE.resolve("version-1.txt"))) {
            String id = line.substring(0, line.indexOf(' '));
            SharedRun run = Deflate.open(line.substring(line.indexOf('#')));
            Playback playback = run.replay();
            assertEquals(run.step(), playback.step(), id);
            int end = playback.timeline().size();
            assertTrue(run.graph().nodes().stream()
                    .anyMatch(node -> playback.timeline().gradAt(run.graph().named(node.label()), end) != null), id);
            count++;
        }
        assertEquals(12, count);
    }

    private static String exampleJson() throws IOException {
        Graph graph = ExamplesTest.read("tanh-neuron");
        return new SharedRun(graph, List.of(BackwardCall.PLAIN), 5, "en", List.of()).write();
    }

    private static void assertRefused(Code code, String fragment) {
        GraphException refused = assertThrows(GraphException.class, () -> Deflate.open(fragment));
        assertEquals(code, refused.reason().code(), fragment);
        assertTrue(refused.getMessage().startsWith("link: "), refused.getMessage());
    }
}
