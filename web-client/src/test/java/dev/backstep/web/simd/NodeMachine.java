package dev.backstep.web.simd;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Memory and WebAssembly in a Node process, which understands what {@code machine.mjs} says. */
final class NodeMachine implements Machine, AutoCloseable {
    private final Process process;
    private final OutputStream to;
    private final DataInputStream from;
    private final boolean relaxed;
    /** How often each function is run, and how many nanoseconds one run took the last time. */
    int times = 1;
    int nanos;

    NodeMachine(boolean relaxed) throws IOException {
        this.relaxed = relaxed;
        Path script = Path.of("src/test/resources/machine.mjs").toAbsolutePath();
        process = new ProcessBuilder("node", script.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        to = new BufferedOutputStream(process.getOutputStream(), 1 << 16);
        from = new DataInputStream(process.getInputStream());
    }

    private void send(int command, int a, int b, byte... data) {
        try {
            to.write(words(command, a, b));
            to.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] receive(int count) {
        try {
            to.flush();
            byte[] bytes = new byte[count];
            from.readFully(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] words(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }

    private int answer() {
        return ByteBuffer.wrap(receive(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    @Override
    public boolean isRelaxed() {
        return relaxed;
    }

    @Override
    public boolean reserve(int bytes) {
        send(0, bytes, 0);
        return bytes < 1 << 30;
    }

    @Override
    public Entry compile(byte[] module) {
        send(1, module.length, 0, module);
        int index = answer();
        return index < 0 ? null : () -> {
            send(5, index, times);
            nanos = answer();
        };
    }

    @Override
    public void zero(int address, int bytes) {
        send(4, address, bytes);
    }

    @Override
    public void set(int address, int word) {
        write(address, new int[] {word});
    }

    @Override
    public void write(int address, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        send(2, address, bytes.capacity(), bytes.array());
    }

    @Override
    public void write(int address, int[] values) {
        send(2, address, 4 * values.length, words(values));
    }

    @Override
    public void read(int address, float[] values) {
        send(3, address, 4 * values.length);
        ByteBuffer.wrap(receive(4 * values.length)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    }

    @Override
    public void read(int address, int[] values) {
        send(3, address, 4 * values.length);
        ByteBuffer.wrap(receive(4 * values.length)).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
