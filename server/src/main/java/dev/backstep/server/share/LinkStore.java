package dev.backstep.server.share;

import dev.backstep.server.http.Tokens;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The shared documents. A link's id is the start of its document's hash, so the same document has the same id; it
 * lives until everyone who shared it removed it, or until it expires.
 */
final class LinkStore {
    private static final int ID_LENGTH = 16;

    private final Jdbi jdbi;
    private final Duration life;
    private final Clock clock;

    /** Links live for {@code life} after they were last shared; zero: for ever. */
    LinkStore(Jdbi jdbi, Duration life, Clock clock) {
        this.jdbi = jdbi;
        this.life = life;
        this.clock = clock;
    }

    /** What whoever shares a document gets; the token is told this once and not kept. */
    record Shared(String id, String deleteToken, Optional<Instant> expires) {}

    /** What became of a wish to remove a link. */
    enum Removal { DONE, WRONG_TOKEN, GONE, UNKNOWN }

    Shared share(String document) {
        var digest = Tokens.sha256(document);
        var token = Tokens.create();
        var now = clock.instant();
        var expires = life.isZero() ? Optional.<Instant>empty() : Optional.of(now.plus(life));
        return jdbi.inTransaction(handle -> {
            forgetExpired(handle, now);
            var id = freeOrOwnId(handle, digest);
            handle.createUpdate("""
                            INSERT INTO links (id, digest, document, created, expires)
                            VALUES (:id, :digest, :document, :now, :expires)
                            ON CONFLICT (id) DO UPDATE SET document = :document, expires = :expires""")
                    .bind("id", id)
                    .bind("digest", HexFormat.of().formatHex(digest))
                    .bind("document", document)
                    .bind("now", now.toEpochMilli())
                    .bind("expires", expires.map(Instant::toEpochMilli))
                    .execute();
            handle.execute("INSERT INTO link_tokens (link_id, hash) VALUES (?, ?)", id, Tokens.hash(token));
            return new Shared(id, token, expires);
        });
    }

    Optional<Link> find(String id) {
        long now = clock.millis();
        return jdbi.withHandle(handle -> handle
                .createQuery("SELECT document, expires FROM links WHERE id = :id")
                .bind("id", id)
                .map((row, _) -> {
                    long millis = row.getLong("expires");
                    var expires = row.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochMilli(millis));
                    boolean ended = expires.isPresent() && millis <= now;
                    return new Link(id, Optional.ofNullable(ended ? null : row.getString("document")), expires);
                })
                .findOne());
    }

    Removal remove(String id, String token) {
        return jdbi.inTransaction(handle -> {
            forgetExpired(handle, clock.instant());
            var link = find(handle, id);
            if (link.isEmpty()) {
                return Removal.UNKNOWN;
            }
            if (!link.get()) {
                return Removal.GONE;
            }
            if (handle.execute("DELETE FROM link_tokens WHERE link_id = ? AND hash = ?", id, Tokens.hash(token)) == 0) {
                return Removal.WRONG_TOKEN;
            }
            handle.execute("UPDATE links SET document = NULL WHERE id = ?"
                    + " AND NOT EXISTS (SELECT 1 FROM link_tokens WHERE link_id = id)", id);
            return Removal.DONE;
        });
    }

    /** Whether the link still holds its document; empty when there never was such a link. */
    private static Optional<Boolean> find(Handle handle, String id) {
        return handle.createQuery("SELECT document IS NOT NULL FROM links WHERE id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .findOne();
    }

    private static void forgetExpired(Handle handle, Instant now) {
        var expired = "document IS NOT NULL AND expires <= :now";
        handle.createUpdate("DELETE FROM link_tokens WHERE link_id IN (SELECT id FROM links WHERE " + expired + ")")
                .bind("now", now.toEpochMilli())
                .execute();
        handle.createUpdate("UPDATE links SET document = NULL WHERE " + expired)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    /** The start of the hash; a longer one when another document got there first, by chance or with much effort. */
    private static String freeOrOwnId(Handle handle, byte[] digest) {
        var text = base32(digest);
        var hex = HexFormat.of().formatHex(digest);
        for (int length = ID_LENGTH; length < text.length(); length += 4) {
            var id = text.substring(0, length);
            var owner = handle.createQuery("SELECT digest FROM links WHERE id = :id")
                    .bind("id", id)
                    .mapTo(String.class)
                    .findOne();
            if (owner.isEmpty() || owner.get().equals(hex)) {
                return id;
            }
        }
        return text;
    }

    /** 52 letters and digits, lower case, so that an id survives being read aloud. */
    private static String base32(byte[] digest) {
        var text = new BigInteger(1, digest).shiftLeft(4).toString(32);
        return "0".repeat(52 - text.length()) + text;
    }
}
