package dev.backstep.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real server with an empty database for each test. */
abstract class ServerFixture {
    static final int MAX_DOCUMENT_BYTES = 20_000;

    @TempDir
    Path data;

    Server server;
    Client client;

    @BeforeEach
    void start() {
        server = Server.start(new Config(0, Optional.of("localhost"), data, Optional.empty(), Optional.empty(),
                MAX_DOCUMENT_BYTES, Duration.ofDays(7)));
        client = new Client(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }
}
