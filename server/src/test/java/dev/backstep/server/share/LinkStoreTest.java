package dev.backstep.server.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.server.share.LinkStore.Removal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs another clock, or a hash that nobody can make. */
class LinkStoreTest {
    @TempDir
    Path folder;

    private final Watch watch = new Watch();
    private Jdbi jdbi;
    private LinkStore store;

    /** A clock that is set by hand. */
    private static final class Watch extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeEach
    void open() {
        var url = "jdbc:sqlite:" + folder.resolve("test.db");
        Flyway.configure().dataSource(url, null, null)
                .placeholders(Map.of("bytes", "BLOB", "time", "TIMESTAMP")).load().migrate();
        jdbi = Jdbi.create(url);
        store = new LinkStore(jdbi, Duration.ofDays(10), watch);
    }

    @Test
    void expires() {
        var shared = store.share("{}");
        assertEquals(Optional.of(watch.now.plus(Duration.ofDays(10))), shared.expires());
        watch.now = watch.now.plus(Duration.ofDays(10)).minusMillis(1);
        assertEquals(Optional.of("{}"), store.find(shared.id()).orElseThrow().document());
        watch.now = watch.now.plusMillis(1);
        assertEquals(Optional.empty(), store.find(shared.id()).orElseThrow().document());
        assertEquals(Removal.GONE, store.remove(shared.id(), shared.deleteToken()));
    }

    @Test
    void sharingAgainProlongs() {
        var first = store.share("{}");
        watch.now = watch.now.plus(Duration.ofDays(9));
        store.share("{}");
        watch.now = watch.now.plus(Duration.ofDays(9));
        assertTrue(store.find(first.id()).orElseThrow().document().isPresent());
    }

    @Test
    void anExpiredLinkComesBackWithoutItsOldTokens() {
        var first = store.share("{}");
        watch.now = watch.now.plus(Duration.ofDays(11));
        var second = store.share("{}");
        assertEquals(first.id(), second.id());
        assertEquals(Removal.WRONG_TOKEN, store.remove(first.id(), first.deleteToken()));
        assertEquals(Removal.DONE, store.remove(first.id(), second.deleteToken()));
    }

    @Test
    void lifeZeroIsForEver() {
        var shared = new LinkStore(jdbi, Duration.ZERO, watch).share("{}");
        assertEquals(Optional.empty(), shared.expires());
        watch.now = watch.now.plus(Duration.ofDays(36_500));
        assertTrue(store.find(shared.id()).orElseThrow().document().isPresent());
    }

    @Test
    void anotherDocumentNeverTakesOverAnId() {
        var victim = store.share("{}");
        jdbi.useHandle(handle -> handle.execute("UPDATE links SET digest = 'of another document', document = '[]'"));
        var shared = store.share("{}");
        assertEquals(victim.id(), shared.id().substring(0, victim.id().length()));
        assertEquals(victim.id().length() + 4, shared.id().length());
        assertEquals(Optional.of("[]"), store.find(victim.id()).orElseThrow().document());
        assertEquals(Optional.of("{}"), store.find(shared.id()).orElseThrow().document());
    }

    @Test
    void forgetsWhatWasRemoved() {
        var shared = store.share("{\"secret\":1}");
        store.remove(shared.id(), shared.deleteToken());
        int left = jdbi.withHandle(handle -> handle
                .createQuery("SELECT count(*) FROM links WHERE document IS NOT NULL")
                .mapTo(int.class)
                .one());
        assertEquals(0, left);
    }
}
