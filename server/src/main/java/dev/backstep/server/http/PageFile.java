package dev.backstep.server.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.Map;
import java.util.Optional;

/**
 * One file of the page.
 *
 * @param plain its bytes
 * @param brotli the same, compressed; null where that was not worth it
 * @param gzip the same, compressed; null where that was not worth it
 */
record PageFile(String type, byte[] plain, byte[] brotli, byte[] gzip, String etag, String caching) {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("woff2", "font/woff2"));

    /** A file of a release. */
    static PageFile cached(String path, byte[] plain, byte[] brotli, byte[] gzip) {
        var caching = path.endsWith(".html") ? "no-cache" : "public, max-age=31536000, immutable";
        return new PageFile(type(path), plain, brotli, gzip, ETag.of(plain), caching);
    }

    /** A file that may change at any moment. */
    static PageFile fresh(String path, byte[] plain) {
        return new PageFile(type(path), plain, null, null, ETag.of(plain), "no-cache");
    }

    private static String type(String path) {
        return TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
    }

    void answer(Context ctx) {
        ctx.header("Cache-Control", caching);
        ctx.header("Vary", "Accept-Encoding");
        ctx.disableCompression();
        if (ETag.matches(ctx, etag)) {
            ctx.status(HttpStatus.NOT_MODIFIED);
            return;
        }
        var coding = coding(Optional.ofNullable(ctx.header("Accept-Encoding")).orElse(""));
        var body = switch (coding) {
            case "br" -> brotli;
            case "gzip" -> gzip;
            default -> plain;
        };
        if (body != plain) {
            ctx.header("Content-Encoding", coding);
        }
        ctx.contentType(type);
        ctx.res().setContentLength(body.length);
        ctx.result(body);
    }

    /** The best of our codings that the client takes: {@code br}, {@code gzip} or {@code identity}. */
    private String coding(String accepted) {
        if (brotli != null && takes(accepted, "br")) {
            return "br";
        }
        return gzip != null && takes(accepted, "gzip") ? "gzip" : "identity";
    }

    /** Whether {@code accepted}, as {@code "gzip;q=0.5, br"}, holds {@code coding} with a weight above zero. */
    private static boolean takes(String accepted, String coding) {
        for (var entry : accepted.split(",")) {
            var parts = entry.strip().split("\\s*;\\s*");
            if (parts[0].equalsIgnoreCase(coding)) {
                return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}
