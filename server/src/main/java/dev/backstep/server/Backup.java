package dev.backstep.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Copies of the embedded database: taken while a server uses it, and put back while none does. */
final class Backup {
    private final Path database;

    /** @throws Refusal where the database is not the embedded one */
    Backup(Config config) {
        if (config.database().isPresent()) {
            throw new Refusal("DATABASE_URL names a PostgreSQL: back it up and restore it by its own tools,"
                    + " such as pg_dump.");
        }
        database = Database.file(config.data());
    }

    /**
     * Writes a copy as of one moment, whatever is written meanwhile. It is there as a whole or not at all.
     *
     * @throws Refusal where it cannot
     */
    void write(Path to) {
        if (!Files.exists(database)) {
            throw new Refusal("There is no database %s to back up; BACKSTEP_DATA names its folder."
                    .formatted(database));
        }
        if (Files.exists(to)) {
            throw new Refusal("%s is there already; choose another name, or remove it.".formatted(to));
        }
        var part = to.resolveSibling(to.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            try {
                try (var connection = open(database); var copy = connection.prepareStatement("VACUUM INTO ?")) {
                    copy.setString(1, part.toString());
                    copy.execute();
                }
                check(part);
                Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException | SQLException e) {
            throw new Refusal("The backup could not be written to %s (%s). Is there room, and may the folder be"
                    .formatted(to, e.getMessage()) + " written?");
        }
    }

    /**
     * Puts a copy in the place of the database, which is kept beside it.
     *
     * @return where the database that was there is now, or null where there was none
     * @throws Refusal where the file is no copy, or a server uses the database; then nothing has changed
     */
    Path restore(Path from) {
        try {
            check(from);
        } catch (SQLException e) {
            throw new Refusal("%s is no backup of Backstep's (%s).".formatted(from, e.getMessage()));
        }
        var part = database.resolveSibling(database.getFileName() + ".part");
        try {
            Files.createDirectories(database.getParent());
            try {
                Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING);
                Path kept = Files.exists(database) ? putAside() : null;
                Files.move(part, database, StandardCopyOption.ATOMIC_MOVE);
                return kept;
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new Refusal("The backup could not be put in the place of %s (%s). Is there room, and may the"
                    .formatted(database, e) + " folder be written?");
        }
    }

    private Path putAside() throws IOException {
        // Whoever has it for itself alone brings what is in the log to the file when it closes.
        try (var connection = open(database); Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("COMMIT");
        } catch (SQLException e) {
            throw new Refusal("%s cannot be replaced (%s). Stop the servers and workers that use it first."
                    .formatted(database, e.getMessage()));
        }
        for (int i = 1; ; i++) {
            var aside = database.resolveSibling(database.getFileName() + ".before-restore-" + i);
            if (!Files.exists(aside)) {
                Files.move(database, aside);
                return aside;
            }
        }
    }

    private static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    /** @throws SQLException where the file is no whole database of ours */
    private static void check(Path file) throws SQLException {
        if (!Files.isRegularFile(file)) {
            throw new SQLException("there is no such file");
        }
        try (var connection = open(file); Statement statement = connection.createStatement()) {
            try (ResultSet answer = statement.executeQuery("PRAGMA integrity_check")) {
                if (!answer.next() || !answer.getString(1).equals("ok")) {
                    throw new SQLException("it is damaged");
                }
            }
            statement.executeQuery("SELECT COUNT(*) FROM links").close();
        }
    }
}
