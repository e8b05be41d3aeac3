package dev.backstep.server.http;

import io.javalin.http.Context;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Entity tags: a client that holds what we would send is told so, in place of being sent it again. */
public final class ETag {
    private ETag() {}

    /** A tag for this content. */
    public static String of(byte[] content) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    /** Puts {@code etag} on the answer; true when the client already holds that. */
    public static boolean matches(Context ctx, String etag) {
        ctx.header("ETag", etag);
        var held = ctx.header("If-None-Match");
        if (held == null) {
            return false;
        }
        for (var tag : held.split(",")) {
            var bare = tag.strip();
            if (bare.equals("*") || (bare.startsWith("W/") ? bare.substring(2) : bare).equals(etag)) {
                return true;
            }
        }
        return false;
    }
}
