package dev.backstep.server.share;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.SafeJson;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.server.http.Problem;
import io.javalin.http.HttpStatus;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What can be shared: a document, or a document with how one looked at it. */
final class Documents {
    private Documents() {}

    /**
     * The one way to write what is in {@code body}: equal documents give equal texts.
     *
     * @throws Problem 400 when it is no JSON, 422 when it is no document; it names the faulty part
     */
    static String canonical(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            return isRun(text) ? SharedRun.read(text).write() : GraphJson.write(GraphJson.read(text));
        } catch (CharacterCodingException e) {
            throw new Problem(HttpStatus.BAD_REQUEST, "The body is not in UTF-8.");
        } catch (GraphException e) {
            throw new Problem(e.reason().code() == Reason.Code.NOT_JSON
                    ? HttpStatus.BAD_REQUEST
                    : HttpStatus.UNPROCESSABLE_CONTENT, e.getMessage());
        }
    }

    /** The graph of something that was shared. */
    static Graph graph(String stored) {
        return isRun(stored) ? SharedRun.read(stored).graph() : GraphJson.read(stored);
    }

    private static boolean isRun(String text) {
        return SafeJson.parse(text).has("document");
    }
}
