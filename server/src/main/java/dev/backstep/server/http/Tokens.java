package dev.backstep.server.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Secrets that are given out once and of which only the hash is kept. */
public final class Tokens {
    private static final int BYTES = 18;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Tokens() {}

    /** A new one: 24 characters. */
    public static String create() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What is kept of it. */
    public static String hash(String token) {
        return HexFormat.of().formatHex(sha256(token));
    }

    public static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    /**
     * The token that a request bears.
     *
     * @param name what it was called when it was given out, and {@code of} with what it came
     * @throws Problem 401 where there is none
     */
    public static String borne(Context ctx, String name, String of) {
        var authorization = Optional.ofNullable(ctx.header("Authorization")).orElse("");
        if (!authorization.startsWith("Bearer ")) {
            ctx.header("WWW-Authenticate", "Bearer");
            throw new Problem(HttpStatus.UNAUTHORIZED, "Send the %s that came with the %s: Authorization: Bearer <%s>."
                    .formatted(name, of, name));
        }
        return authorization.substring("Bearer ".length()).strip();
    }
}
