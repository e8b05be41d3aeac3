package dev.backstep.server;

import io.javalin.http.Context;

/** The description of the HTTP interface: the resource {@code openapi.json}. */
final class OpenApi {
    private OpenApi() {}

    static void show(Context ctx) {
        ctx.header("Cache-Control", "no-cache");
        ctx.contentType("application/json").result(OpenApi.class.getResourceAsStream("/openapi.json"));
    }
}
