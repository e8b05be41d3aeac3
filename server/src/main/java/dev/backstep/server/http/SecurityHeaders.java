package dev.backstep.server.http;

import io.javalin.http.Context;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** What the browser may do with our answers. */
public final class SecurityHeaders {
    private SecurityHeaders() {}

    /** Puts the headers on every answer. */
    public static void put(Context ctx) {
        all(ctx.queryString() == null ? "" : ctx.queryString(), ctx::header);
    }

    static void all(String query, BiConsumer<String, String> header) {
        // Whoever wants may show the playground in a frame, but only in the form that is made for it.
        boolean embed = Arrays.stream(query.split("&"))
                .anyMatch(part -> part.equals("embed") || part.startsWith("embed="));
        header.accept("Content-Security-Policy", contentSecurityPolicy(embed ? "*" : "'self'"));
        header.accept("Cross-Origin-Opener-Policy", "same-origin");
        header.accept("Cross-Origin-Resource-Policy", embed ? "cross-origin" : "same-origin");
        header.accept("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        header.accept("Referrer-Policy", "strict-origin-when-cross-origin");
        header.accept("X-Content-Type-Options", "nosniff");
        if (!embed) {
            header.accept("X-Frame-Options", "SAMEORIGIN");
        }
    }

    private static String contentSecurityPolicy(String ancestors) {
        return String.join("; ",
                "default-src 'none'",
                "script-src 'self' 'wasm-unsafe-eval'", // WebAssembly is compiled, text never
                "style-src 'self'",
                "img-src 'self' data: blob:", // heat maps and exported pictures are made in the page
                "font-src 'self'",
                "connect-src 'self'",
                "worker-src 'self'",
                "manifest-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-src 'self'", "frame-ancestors " + ancestors);
    }
}
