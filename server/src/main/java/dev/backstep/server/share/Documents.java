package dev.backstep.server.share;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.backstep.server.http.Problem;
import io.javalin.http.HttpStatus;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What counts as a document, and when two are the same. */
final class Documents {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(100).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // no number changes on its way through
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Documents() {}

    /**
     * The one way to write the document in {@code body}: its members by name, no spaces.
     *
     * @throws Problem 400 when it is no JSON, 422 when it is no document
     */
    static String canonical(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            var tree = JSON.readTree(text);
            if (!tree.isObject()) {
                throw new Problem(HttpStatus.UNPROCESSABLE_CONTENT, "A document is a JSON object.");
            }
            return JSON.writeValueAsString(JSON.treeToValue(tree, Object.class));
        } catch (CharacterCodingException e) {
            throw new Problem(HttpStatus.BAD_REQUEST, "The body is not in UTF-8.");
        } catch (JsonProcessingException e) {
            throw new Problem(HttpStatus.BAD_REQUEST, "The body is not JSON: " + e.getOriginalMessage());
        }
    }

    /** A stored document as a tree. */
    static JsonNode tree(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document cannot be read", e);
        }
    }
}
