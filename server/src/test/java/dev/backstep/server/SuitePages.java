package dev.backstep.server;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves the suite that TeaVM compiled: {@code wasm.html} and {@code js.html} put it into the global {@code suite}. */
final class SuitePages implements AutoCloseable {
    private static final Path SUITE = Path.of(System.getProperty("backstep.suite", "../web-client/target/suite"));

    private final HttpServer server;

    SuitePages() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var name = exchange.getRequestURI().getPath().substring(1);
            var body = switch (name) {
                case "wasm.html" -> page("wasm-start.js");
                case "js.html" -> page("js-start.js");
                case "wasm-start.js" -> """
                        import { load } from "./suite.runtime.mjs";
                        globalThis.suite = (await load("./suite.wasm")).exports;
                        """.getBytes(StandardCharsets.UTF_8);
                case "js-start.js" -> """
                        globalThis.suite = await import("./suite.js");
                        """.getBytes(StandardCharsets.UTF_8);
                case "favicon.ico" -> new byte[0];
                default -> Files.readAllBytes(SUITE.resolve(name));
            };
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", name.endsWith(".html") ? "text/html"
                    : name.endsWith(".wasm") ? "application/wasm" : "text/javascript");
            headers.set("Content-Security-Policy",
                    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'");
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static byte[] page(String script) {
        return "<!doctype html><title>suite</title><script type=module src=%s></script>".formatted(script)
                .getBytes(StandardCharsets.UTF_8);
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
