package dev.backstep.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a Chromium on this machine, and fetches one where there is none. */
final class Chromium {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");

    private Chromium() {}

    /**
     * The program to start: the environment's {@code CHROMIUM}, else the first on the path, else Debian's, installed
     * here when we are root on a Debian. Empty: Playwright's own, which this has then fetched.
     */
    static Optional<Path> executable() throws IOException, InterruptedException {
        var named = System.getenv("CHROMIUM");
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named));
        }
        var present = onPath();
        if (present.isPresent()) {
            return present;
        }
        if (Files.exists(Path.of("/etc/debian_version")) && "root".equals(System.getProperty("user.name"))) {
            run(List.of("apt-get", "update", "-q"));
            run(List.of("apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"));
            return Optional.of(onPath().orElseThrow(() -> new IllegalStateException(
                    "Debian's chromium was installed, but is not on the path. CHROMIUM may name another browser.")));
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        run(List.of(java, "-cp", System.getProperty("java.class.path"), "com.microsoft.playwright.CLI", "install",
                "--with-deps", "chromium"));
        return Optional.empty();
    }

    private static Optional<Path> onPath() {
        return NAMES.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        System.out.println("Fetching a Chromium for the tests: " + String.join(" ", command.subList(0, 2)) + " ...");
        var process = new ProcessBuilder(new ArrayList<>(command)).inheritIO();
        process.environment().put("DEBIAN_FRONTEND", "noninteractive");
        if (process.start().waitFor() != 0) {
            throw new IllegalStateException("No Chromium could be fetched by: " + String.join(" ", command)
                    + ". Install one, or name it in the environment: CHROMIUM=/path/to/chromium.");
        }
    }
}
