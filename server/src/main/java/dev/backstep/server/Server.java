package dev.backstep.server;

import dev.backstep.server.http.Page;
import dev.backstep.server.http.Problems;
import dev.backstep.server.http.SecurityHeaders;
import dev.backstep.server.runs.Runs;
import dev.backstep.server.share.Links;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import java.nio.file.Path;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program that serves the playground. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("backstep.server");
    private static final long DRAIN_MILLIS = 10_000;
    /**
     * Connections that wait until there is time to accept them. Of more than that the system tells the client that they
     * are there and forgets them, so that the client waits for an answer in vain; Java's default is 50.
     */
    private static final int ACCEPT_QUEUE = 4_096;

    private final Database database;
    private final Health health;
    private final Links links;
    private final Runs runs;
    private final Devices devices;
    private final Metrics metrics = new Metrics();
    private final Javalin javalin;

    private Server(Config config, Database database) {
        var page = Page.of(config.page());
        this.database = database;
        this.health = new Health(database);
        this.links = new Links(database.jdbi(), page, config.url(), config.linkLife());
        this.devices = new Devices(config);
        this.runs = runs(config, database, devices);
        runs.measure(metrics.registry());
        this.javalin = Javalin.create(javalin -> {
            configure(javalin, config);
            Problems.install(javalin);
            routes(javalin.routes);
            javalin.resourceHandler(page);
        });
    }

    private static Runs runs(Config config, Database database, Devices devices) {
        var runs = config.runs();
        return new Runs(database.jdbi(), database.dataSource(), config.url(), runs.limits(), runs.threads(),
                runs.heartbeat(), runs.save(), devices);
    }

    private void routes(RoutesConfig routes) {
        routes.before(SecurityHeaders::put);
        routes.get("/api/health", health::show);
        routes.get("/api/devices", devices::show);
        routes.get("/metrics", metrics::show);
        routes.get("/openapi.json", OpenApi::show);

        routes.post("/api/links", links::create);
        routes.get("/api/links/{id}", links::show);
        routes.head("/api/links/{id}", links::show);
        routes.delete("/api/links/{id}", links::remove);
        routes.post("/api/runs", runs::create);
        routes.get("/api/runs/{id}", runs::show);
        routes.patch("/api/runs/{id}", runs::steer);
        routes.delete("/api/runs/{id}", runs::stop);
        routes.get("/api/runs/{id}/document", runs::document);
        routes.get("/api/runs/{id}/result", runs::result);
        routes.sse("/api/runs/{id}/events", runs::stream);
        routes.post("/api/sweeps", runs.sweeps()::create);
        routes.get("/api/sweeps/{id}", runs.sweeps()::show);
        routes.delete("/api/sweeps/{id}", runs.sweeps()::stop);

        routes.get("/s/{id}.png", links::picture);
        routes.get("/s/{id}", links::page);
        routes.head("/s/{id}", links::page);
    }

    private void configure(JavalinConfig javalin, Config config) {
        javalin.concurrency.useVirtualThreads = true;
        javalin.http.maxRequestSize = config.maxDocumentBytes();
        javalin.jetty.addConnector((server, http) -> connector(server, http, config));
        javalin.jetty.modifyServer(server -> {
            server.insertHandler(new GracefulHandler());
            server.setStopTimeout(DRAIN_MILLIS);
        });
        javalin.requestLogger.http((ctx, millis) -> {
            metrics.count(ctx, millis);
            log(ctx, millis);
        });
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.startup.startupWatcherEnabled = false;
    }

    private static ServerConnector connector(org.eclipse.jetty.server.Server server, HttpConfiguration http,
            Config config) {
        var connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setPort(config.port());
        config.host().ifPresent(connector::setHost);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        return connector;
    }

    private static void log(Context ctx, Float millis) {
        LOG.atInfo()
                .addKeyValue("method", ctx.method())
                .addKeyValue("path", ctx.path())
                .addKeyValue("status", ctx.statusCode())
                .addKeyValue("ms", Math.round(millis))
                .log("request");
    }

    /**
     * Starts a server.
     *
     * @throws Refusal when it cannot, in words for whoever starts it
     */
    static Server start(Config config) {
        var database = Database.open(config);
        try {
            var server = new Server(config, database);
            server.javalin.start();
            server.runs.start();
            return server;
        } catch (JavalinBindException e) {
            database.close();
            throw new Refusal("Port %d cannot be had: %s Or choose another: PORT=%d."
                    .formatted(config.port(), e.getMessage(), config.port() % 65_535 + 1));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Where it listens. */
    int port() {
        return javalin.port();
    }

    /** Takes no new request or run, gives requests under way 10 seconds, keeps runs, and closes the database. */
    @Override
    public void close() {
        health.stopping();
        runs.close();
        javalin.stop();
        metrics.close();
        database.close();
    }

    /**
     * Without arguments: serves. {@code worker}: computes runs and serves nothing. {@code backup <file>} and
     * {@code restore <file>}: copies the embedded database, and puts a copy in its place.
     */
    public static void main(String[] args) {
        try {
            var config = Config.from(System.getenv());
            switch (args.length == 0 ? "" : args[0]) {
                case "" -> serve(config);
                case "worker" -> work(config);
                case "backup" -> backup(config, file(args));
                case "restore" -> restore(config, file(args));
                default -> throw new Refusal("Backstep knows worker, backup <file> and restore <file>;"
                        + " without any it serves.");
            }
        } catch (Refusal refusal) {
            System.err.println(refusal.getMessage());
            System.exit(Refusal.EXIT_STATUS);
        }
    }

    private static Path file(String[] args) {
        if (args.length != 2) {
            throw new Refusal("Name one file: " + args[0] + " <file>.");
        }
        return Path.of(args[1]).toAbsolutePath();
    }

    private static void serve(Config config) {
        var server = start(config);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
        System.out.println("Backstep is ready: http://localhost:" + server.port() + " (Ctrl-C stops it)");
    }

    private static void backup(Config config, Path file) {
        new Backup(config).write(file);
        System.out.println("The database is in " + file + ".");
    }

    private static void restore(Config config, Path file) {
        var kept = new Backup(config).restore(file);
        System.out.println(file + " is restored." + (kept == null ? "" : " What was there before is " + kept + "."));
    }

    private static void work(Config config) {
        var database = Database.open(config);
        var runs = runs(config, database, new Devices(config));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            runs.close();
            database.close();
        }, "stop"));
        runs.start();
        System.out.println("Backstep's worker is ready (Ctrl-C stops it)");
    }
}
