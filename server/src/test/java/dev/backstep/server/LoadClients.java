package dev.backstep.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many clients, each with a connection of its own that it keeps, each asking again as soon as it is answered. Plain
 * sockets on virtual threads: on two cores, a client that does more would be measured more than the server.
 */
final class LoadClients {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int MOST_BYTES = 1 << 20;

    private final int port;
    private final List<String> paths;

    /** @param paths asked for in turn */
    LoadClients(int port, List<String> paths) {
        this.port = port;
        this.paths = List.copyOf(paths);
    }

    /**
     * What came of it.
     *
     * @param nanos how long each answer took, sorted
     * @param errors answers that were not 200, and connections that broke, by kind
     */
    record Outcome(double seconds, long[] nanos, Map<String, Long> errors) {
        double perSecond() {
            return nanos.length / seconds;
        }

        /** In milliseconds. @param share of the answers that took no longer, 0 to 1 */
        double millis(double share) {
            return nanos.length == 0 ? Double.NaN : nanos[(int) Math.min(nanos.length - 1, share * nanos.length)] / 1e6;
        }
    }

    Outcome run(int clients, int seconds) throws InterruptedException {
        var connected = new CountDownLatch(clients);
        var begin = new CountDownLatch(1);
        var until = new AtomicLong();
        var errors = new ConcurrentHashMap<String, Long>();
        List<Thread> threads = new ArrayList<>();
        List<List<long[]>> times = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            List<long[]> own = new ArrayList<>();
            times.add(own);
            int first = i;
            threads.add(Thread.ofVirtual().start(() -> client(first, connected, begin, until, errors, own)));
        }
        connected.await();
        long start = System.nanoTime();
        until.set(start + seconds * 1_000_000_000L);
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        double took = (System.nanoTime() - start) / 1e9;
        long[] all = times.stream().flatMap(List::stream).flatMapToLong(Arrays::stream).sorted().toArray();
        return new Outcome(took, all, new TreeMap<>(errors));
    }

    private void client(int first, CountDownLatch connected, CountDownLatch begin, AtomicLong until,
            Map<String, Long> errors, List<long[]> times) {
        long[] block = new long[1_024];
        int filled = 0;
        int asked = first;
        boolean counted = false;
        String doing;
        do {
            doing = "connecting";
            try (var socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.connect(new InetSocketAddress("localhost", port), TIMEOUT_MILLIS);
                var in = new BufferedInputStream(socket.getInputStream());
                if (!counted) {
                    counted = true;
                    connected.countDown();
                    begin.await();
                }
                doing = "first answer of a connection";
                while (System.nanoTime() < until.get()) {
                    long sent = System.nanoTime();
                    socket.getOutputStream().write(request(paths.get(asked++ % paths.size())));
                    int status = answer(in);
                    if (status == 200) {
                        block[filled++] = System.nanoTime() - sent;
                    } else {
                        errors.merge("status " + status, 1L, Long::sum);
                    }
                    doing = "later answer";
                    if (filled == block.length) {
                        times.add(block);
                        block = new long[block.length];
                        filled = 0;
                    }
                }
            } catch (IOException broken) {
                errors.merge(doing + ": " + broken.getMessage(), 1L, Long::sum);
                if (!counted) {
                    counted = true;
                    connected.countDown();
                }
            } catch (InterruptedException _) {
                return;
            }
        } while (until.get() == 0 || System.nanoTime() < until.get());
        times.add(Arrays.copyOf(block, filled));
    }

    private static byte[] request(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads an answer with a length. @return its status */
    private static int answer(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        if (length > MOST_BYTES) {
            throw new IOException("too long");
        }
        in.skipNBytes(length);
        return status;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
