package dev.backstep.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The packaged program, in a process of its own. */
final class Program implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Backstep is ready: http://localhost:(\\d+) .*"
            + "|Backstep's worker is ready .*");

    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();
    /** -1: not ready yet. */
    private int port = -1;

    /**
     * Starts it.
     *
     * @param shell what a shell does first, as in {@code "ulimit -f 9;"}
     * @param arguments the program's own
     */
    Program(String shell, Map<String, String> environment, String... arguments) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var jar = System.getProperty("backstep.jar", "target/backstep-server.jar");
        var command = new ArrayList<>(List.of("sh", "-c", shell + " exec \"$0\" \"$@\"", java, "-jar", jar));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        process = builder.redirectErrorStream(true).start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Program start(Path data) throws IOException {
        return new Program("", Map.of("PORT", "0", "BACKSTEP_DATA", data.toString()));
    }

    /** Waits until it is ready. Returns its port; a worker has none, and 0 stands for it. */
    int port() {
        try {
            for (String line; port < 0 && (line = output.readLine()) != null; ) {
                lines.add(line);
                var ready = READY.matcher(line);
                if (ready.matches()) {
                    port = ready.group(1) == null ? 0 : Integer.parseInt(ready.group(1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (port < 0) {
            throw new AssertionError("the server did not start:\n" + String.join("\n", lines));
        }
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // the process's own destroy would close its output
    }

    /** Waits for its end. Returns its exit status. */
    int end() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the server did not end");
        }
        return process.exitValue();
    }

    /** What it has written until its end. */
    String output() throws IOException {
        output.lines().forEach(lines::add);
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
