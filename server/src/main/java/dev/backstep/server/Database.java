package dev.backstep.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The embedded SQLite file: made at first start, brought to this version's tables at every start. */
final class Database implements AutoCloseable {
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /**
     * Opens {@code backstep.db} in {@code folder}.
     *
     * @throws Refusal when the folder or the file cannot be written or read
     */
    static Database open(Path folder) {
        var file = folder.resolve("backstep.db");
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "write", ".test"));
        } catch (IOException e) {
            throw new Refusal("Backstep cannot write to its data folder %s (%s). Make it writable and leave it some"
                    .formatted(folder, e) + " room, or set BACKSTEP_DATA to another folder.");
        }
        var pool = new HikariDataSource(pool(file));
        try {
            Flyway.configure().dataSource(pool).load().migrate();
            return new Database(pool);
        } catch (FlywayException e) {
            pool.close();
            throw new Refusal("Backstep cannot use its database %s (%s). Is the disk full, or was the file written by"
                    .formatted(file, firstLine(e)) + " a newer version? BACKSTEP_DATA names another folder.");
        }
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
