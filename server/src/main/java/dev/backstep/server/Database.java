package dev.backstep.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The database: an embedded SQLite file or a PostgreSQL, brought to this version's tables at every start. */
final class Database implements AutoCloseable {
    private static final Map<String, String> SQLITE_TYPES = Map.of("bytes", "BLOB", "time", "TIMESTAMP");
    private static final Map<String, String> POSTGRESQL_TYPES =
            Map.of("bytes", "BYTEA", "time", "TIMESTAMP WITH TIME ZONE");

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /**
     * Opens the one that the configuration names.
     *
     * @throws Refusal when it cannot be used
     */
    static Database open(Config config) {
        return config.database().isPresent() ? postgresql(config.database().get()) : sqlite(config.data());
    }

    /** The embedded database's file in a folder. */
    static Path file(Path folder) {
        return folder.resolve("backstep.db");
    }

    /**
     * Opens {@code backstep.db} in {@code folder}.
     *
     * @throws Refusal when the folder or the file cannot be written or read
     */
    private static Database sqlite(Path folder) {
        var file = file(folder);
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "write", ".test"));
        } catch (IOException e) {
            throw new Refusal("Backstep cannot write to its data folder %s (%s). Make it writable and leave it some"
                    .formatted(folder, e) + " room, or set BACKSTEP_DATA to another folder.");
        }
        var pool = new HikariDataSource(pool(file));
        try {
            return migrated(pool, SQLITE_TYPES);
        } catch (FlywayException e) {
            pool.close();
            throw new Refusal("Backstep cannot use its database %s (%s). Is the disk full, or was the file written by"
                    .formatted(file, firstLine(e)) + " a newer version? BACKSTEP_DATA names another folder.");
        }
    }

    /**
     * Opens a PostgreSQL.
     *
     * @param url {@code postgres://user:password@host:port/database}, or as JDBC has it
     * @throws Refusal when it does not answer, or does not let us in
     */
    private static Database postgresql(String url) {
        var config = new HikariConfig();
        config.setPoolName("postgresql");
        if (url.startsWith("jdbc:")) {
            config.setJdbcUrl(url);
        } else {
            address(config, url);
        }
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(15_000);
        config.setInitializationFailTimeout(-1); // told by the migration, in our words
        var pool = new HikariDataSource(config);
        try {
            return migrated(pool, POSTGRESQL_TYPES);
        } catch (FlywayException e) {
            pool.close();
            throw new Refusal("Backstep cannot use the database that DATABASE_URL names (%s). Does it run, is the"
                    .formatted(firstLine(e)) + " password right, and may the user create tables?");
        }
    }

    private static void address(HikariConfig config, String url) {
        try {
            var uri = URI.create(url);
            if (uri.getHost() == null || !uri.getScheme().matches("postgres(ql)?")) {
                throw new IllegalArgumentException(uri.getScheme());
            }
            var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            config.setJdbcUrl("jdbc:postgresql://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                    + uri.getRawPath() + query);
            if (uri.getRawUserInfo() != null) {
                var user = uri.getRawUserInfo().split(":", 2);
                config.setUsername(URLDecoder.decode(user[0], StandardCharsets.UTF_8));
                config.setPassword(user.length > 1 ? URLDecoder.decode(user[1], StandardCharsets.UTF_8) : null);
            }
        } catch (IllegalArgumentException _) {
            throw new Refusal("DATABASE_URL has to be postgres://user:password@host:port/database.");
        }
    }

    private static Database migrated(HikariDataSource pool, Map<String, String> types) {
        Flyway.configure().dataSource(pool).placeholders(types).load().migrate();
        return new Database(pool);
    }

    private static HikariConfig pool(Path file) {
        var sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // FULL: what was acknowledged is on the disk, whatever happens to the process or to the power.
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        // A transaction that reads before it writes would fail, not wait, if it took the write lock late.
        sqlite.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        sqlite.setBusyTimeout(10_000);
        sqlite.enforceForeignKeys(true);
        var source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file);
        var config = new HikariConfig();
        config.setPoolName("sqlite");
        config.setDataSource(source);
        config.setMaximumPoolSize(4);
        config.setConnectionTimeout(15_000);
        config.setInitializationFailTimeout(-1); // a bad file is told by the migration, in our words
        return config;
    }

    private static String firstLine(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.getClass().getSimpleName());
    }

    Jdbi jdbi() {
        return jdbi;
    }

    DataSource dataSource() {
        return pool;
    }

    /** Whether a query is answered. */
    boolean answers() {
        try {
            return jdbi.withHandle(handle -> handle.createQuery("SELECT 1").mapTo(int.class).one()) == 1;
        } catch (RuntimeException _) {
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
