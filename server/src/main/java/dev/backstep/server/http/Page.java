package dev.backstep.server.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.javalin.http.staticfiles.ResourceHandler;
import io.javalin.http.staticfiles.StaticFileConfig;
import io.javalin.security.RouteRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of the playground, as {@code static/build.mjs} wrote them: those with a hash in their name are cached for
 * ever, html pages are asked for again each time.
 */
public final class Page implements ResourceHandler {
    private final Optional<Path> folder;
    private final Map<String, PageFile> files;

    private Page(Optional<Path> folder, Map<String, PageFile> files) {
        this.folder = folder;
        this.files = files;
    }

    /** The page inside this program, or, for development, the one in {@code folder}, read anew at each request. */
    public static Page of(Optional<Path> folder) {
        return new Page(folder, folder.isPresent() ? Map.of() : packaged());
    }

    private static Map<String, PageFile> packaged() {
        var files = new HashMap<String, PageFile>();
        try (var list = resource("files.json")) {
            if (list == null) {
                throw new IllegalStateException("The program holds no page: build it with mvn package.");
            }
            for (var path : new JsonMapper().readValue(list, String[].class)) {
                files.put(path, PageFile.cached(path, bytes(path), bytes(path + ".br"), bytes(path + ".gz")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(files);
    }

    private static InputStream resource(String path) {
        return Page.class.getResourceAsStream("/page/" + path);
    }

    private static byte[] bytes(String path) throws IOException {
        try (var in = resource(path)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    /** The text of {@code index.html}. */
    public String index() {
        return new String(file("index.html").orElseThrow().plain(), StandardCharsets.UTF_8);
    }

    private Optional<PageFile> file(String path) {
        if (folder.isEmpty()) {
            return Optional.ofNullable(files.get(path));
        }
        var file = folder.get().resolve(path).normalize();
        if (!file.startsWith(folder.get()) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(PageFile.fresh(path, Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean canHandle(Context ctx) {
        return find(ctx).isPresent();
    }

    @Override
    public boolean handle(Context ctx) {
        var file = find(ctx);
        file.ifPresent(found -> found.answer(ctx));
        return file.isPresent();
    }

    private Optional<PageFile> find(Context ctx) {
        var path = ctx.path();
        return file(path.equals("/") ? "index.html" : path.substring(1));
    }

    @Override
    public boolean addStaticFileConfig(StaticFileConfig config) {
        return false;
    }

    @Override
    public Set<RouteRole> resourceRouteRoles(Context ctx) {
        return Set.of();
    }
}
