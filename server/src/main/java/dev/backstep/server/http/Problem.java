package dev.backstep.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;

/** An answer that says what went wrong, as RFC 9457 writes it; thrown by handlers. */
public final class Problem extends RuntimeException {
    public static final String CONTENT_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpStatus status;

    /** A problem of this {@code status}; {@code detail} is a sentence for the person who reads the answer. */
    public Problem(HttpStatus status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    /**
     * Refuses a request whose body is no JSON.
     *
     * @param what is asked for, as {@code A run}
     */
    public static void needJson(Context ctx, String what) {
        var type = ctx.contentType();
        if (type == null || !type.split(";")[0].strip().equalsIgnoreCase("application/json")) {
            throw new Problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, what + " comes as application/json.");
        }
    }

    /** Answers with this problem. Never cached: the next request may fare better. */
    public void answer(Context ctx) {
        ctx.status(status)
                .header("Cache-Control", "no-store")
                .contentType(CONTENT_TYPE)
                .result(json(status.getCode(), status.getMessage(), getMessage(), ctx.path()));
    }

    /** The bytes of a problem's JSON; {@code instance} is the path that was asked for. */
    static byte[] json(int status, String title, String detail, String instance) {
        try {
            return JSON.writeValueAsBytes(new Body("about:blank", title, status, detail, instance));
        } catch (JsonProcessingException e) {
            return "{\"status\":%d}".formatted(status).getBytes(StandardCharsets.UTF_8);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Body(String type, String title, int status, String detail, String instance) {}
}
