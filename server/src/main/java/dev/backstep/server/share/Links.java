package dev.backstep.server.share;

import dev.backstep.server.http.ETag;
import dev.backstep.server.http.Page;
import dev.backstep.server.http.Problem;
import dev.backstep.server.http.Tokens;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Short links over HTTP. */
public final class Links {
    private static final Logger LOG = LoggerFactory.getLogger("backstep.share");
    private static final Duration YEAR = Duration.ofDays(365);

    private final LinkStore store;
    private final LinkPage page;
    private final Optional<String> url;

    /**
     * Links kept in {@code jdbi}'s database, whose pages are {@code page} under another title.
     *
     * @param url how the outside world reaches this server; empty: as each request says
     * @param life how long a link lives after it was last shared; zero: for ever
     */
    public Links(Jdbi jdbi, Page page, Optional<String> url, Duration life) {
        this.store = new LinkStore(jdbi, life, Clock.systemUTC());
        this.page = new LinkPage(page);
        this.url = url;
    }

    private record Created(String id, String url, String deleteToken, String expires) {}

    public void create(Context ctx) {
        Problem.needJson(ctx, "A document");
        var shared = stored(Documents.canonical(ctx.bodyAsBytes()));
        var address = base(ctx) + "/s/" + shared.id();
        var expires = shared.expires().map(Instant::toString).orElse(null);
        ctx.status(HttpStatus.CREATED)
                .header("Location", "/api/links/" + shared.id())
                .header("Cache-Control", "no-store")
                .json(new Created(shared.id(), address, shared.deleteToken(), expires));
    }

    private LinkStore.Shared stored(String document) {
        try {
            return store.share(document);
        } catch (JdbiException e) {
            if (e.getCause() instanceof SQLiteException cause && noRoom(cause.getResultCode())) {
                LOG.error("the disk is full: a document was not stored", e);
                throw new Problem(HttpStatus.INSUFFICIENT_STORAGE,
                        "The server's disk is full: the document was not stored. A file or a long link still works.");
            }
            throw e;
        }
    }

    private static boolean noRoom(SQLiteErrorCode code) {
        return code == SQLiteErrorCode.SQLITE_FULL || code == SQLiteErrorCode.SQLITE_IOERR_WRITE;
    }

    public void show(Context ctx) {
        var link = find(ctx);
        ctx.header("Cache-Control", "public, max-age=" + secondsToLive(link) + ", immutable");
        if (ETag.matches(ctx, '"' + link.id() + '"')) {
            ctx.status(HttpStatus.NOT_MODIFIED);
        } else {
            ctx.contentType("application/json").result(link.document().orElseThrow());
        }
    }

    public void remove(Context ctx) {
        var id = ctx.pathParam("id");
        var token = Tokens.borne(ctx, "deleteToken", "link");
        switch (store.remove(id, token)) {
            case DONE -> ctx.status(HttpStatus.NO_CONTENT);
            case WRONG_TOKEN -> throw new Problem(HttpStatus.FORBIDDEN, "That token does not belong to this link.");
            case GONE -> throw gone();
            case UNKNOWN -> throw unknown();
        }
    }

    /** The playground under the title of what it will show; for a link that leads nowhere, it says so itself. */
    public void page(Context ctx) {
        ctx.header("Cache-Control", "no-cache");
        var link = store.find(ctx.pathParam("id"));
        var document = link.flatMap(Link::document);
        if (document.isEmpty()) {
            ctx.status(link.isEmpty() ? HttpStatus.NOT_FOUND : HttpStatus.GONE);
            ctx.html(page.dead());
        } else {
            ctx.html(page.of(document.get(), base(ctx) + "/s/" + link.get().id()));
        }
    }

    /** The picture that link previews show. */
    public void picture(Context ctx) {
        var link = find(ctx);
        ctx.header("Cache-Control", "public, max-age=" + secondsToLive(link) + ", immutable");
        if (ETag.matches(ctx, '"' + link.id() + ".png\"")) {
            ctx.status(HttpStatus.NOT_MODIFIED);
        } else {
            ctx.contentType("image/png").result(LinkPicture.png(Documents.graph(link.document().orElseThrow())));
        }
    }

    private Link find(Context ctx) {
        var link = store.find(ctx.pathParam("id")).orElseThrow(Links::unknown);
        if (link.document().isEmpty()) {
            throw gone();
        }
        return link;
    }

    private static Problem unknown() {
        return new Problem(HttpStatus.NOT_FOUND, "There is no such link.");
    }

    private static Problem gone() {
        return new Problem(HttpStatus.GONE, "This link was removed or has expired.");
    }

    private static long secondsToLive(Link link) {
        var left = link.expires().map(end -> Duration.between(Clock.systemUTC().instant(), end)).orElse(YEAR);
        return Math.clamp(left.toSeconds(), 0, YEAR.toSeconds());
    }

    private String base(Context ctx) {
        return url.orElseGet(() -> ctx.scheme() + "://" + ctx.host());
    }
}
