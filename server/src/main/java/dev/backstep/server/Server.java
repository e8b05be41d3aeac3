package dev.backstep.server;

import io.javalin.Javalin;

/** The program that serves the playground. */
public final class Server {
    private Server() {}

    public static void main(String[] args) {
        Javalin.create(config -> config.routes.get("/api/health", ctx -> ctx.result("ok"))).start(8080);
    }
}
