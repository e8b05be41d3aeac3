package dev.backstep.web.train;

import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.SafeJson;

/**
 * What a server answered instead of doing what was asked.
 *
 * @param status of HTTP; {@link #UNREACHED} where no answer came
 * @param detail the server's own words; empty where it has none
 */
public record Denial(int status, String detail) {
    public static final int UNREACHED = 0;

    /** Of an answer as RFC 9457 writes it, or any other. */
    static Denial of(RunServer.Answer answer) {
        String detail = "";
        try {
            JsonObject problem = SafeJson.parse(answer.text());
            detail = problem.getString("detail", "");
        } catch (GraphException noJson) {
            // A proxy's page, say: the status tells what there is to tell.
            detail = "";
        }
        return new Denial(answer.status(), detail);
    }
}
