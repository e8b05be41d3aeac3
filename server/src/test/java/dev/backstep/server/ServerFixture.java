package dev.backstep.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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
        server = Server.start(Config.from(environment()));
        client = new Client(server.port());
    }

    /** What the server is told; a test may add to it. */
    Map<String, String> environment() {
        return new HashMap<>(Map.of("PORT", "0", "BACKSTEP_HOST", "localhost", "BACKSTEP_DATA", data.toString(),
                "BACKSTEP_MAX_DOCUMENT_BYTES", "" + MAX_DOCUMENT_BYTES, "BACKSTEP_LINK_DAYS", "7"));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }
}
