package dev.backstep.server.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Kernels by their text: compiled once, kept in memory as functions and in a folder as machine code, under a name that
 * follows from text, architecture and compiler. A file that is not whole is compiled anew. Where the folder cannot be
 * written, nothing is kept there.
 */
final class Cubins {
    private static final int HASH = 32;

    private final Driver driver;
    private final Path folder;
    private final String compiler;
    private final Map<String, Long> functions = new HashMap<>();
    private int compiled;

    /** @param folder where machine code is kept, or null */
    Cubins(Driver driver, Path folder) {
        this.driver = driver;
        this.folder = folder;
        compiler = driver.card().architecture() + " " + driver.nvrtcVersion();
    }

    /** How many kernels the compiler made, and not the folder. */
    int compiled() {
        return compiled;
    }

    /**
     * The kernel of that text.
     *
     * @throws CudaException where it cannot be made
     */
    long function(String source) {
        Long known = functions.get(source);
        if (known == null) {
            known = load(source);
            functions.put(source, known);
        }
        return known;
    }

    private long load(String source) {
        Path file = folder == null ? null : folder.resolve(name(source));
        byte[] kept = read(file);
        if (kept != null) {
            try {
                return function(kept);
            } catch (CudaException refused) {
                if (refused.isFinal() || refused.isOutOfMemory()) {
                    throw refused;
                }
            }
        }
        byte[] cubin = driver.nvrtcCompileProgram(source);
        compiled++;
        write(file, cubin);
        return function(cubin);
    }

    private long function(byte[] cubin) {
        return driver.cuModuleGetFunction(driver.cuModuleLoadData(cubin), Source.NAME);
    }

    private String name(String source) {
        return HexFormat.of().formatHex(hash((compiler + "\n" + source).getBytes(StandardCharsets.UTF_8))) + ".cubin";
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** What was kept, or null where there is nothing whole. */
    private static byte[] read(Path file) {
        if (file == null || !Files.isRegularFile(file)) {
            return null;
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            byte[] cubin = bytes.length > HASH ? Arrays.copyOfRange(bytes, HASH, bytes.length) : new byte[0];
            return cubin.length > 0 && Arrays.equals(hash(cubin), 0, HASH, bytes, 0, HASH) ? cubin : null;
        } catch (IOException unreadable) {
            return null;
        }
    }

    /** Keeps it, whole or not at all, whoever else writes the same. */
    private static void write(Path file, byte[] cubin) {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Path made = Files.createTempFile(file.getParent(), "new", ".part");
            try {
                Files.write(made, ByteBuffer.allocate(HASH + cubin.length).put(hash(cubin)).put(cubin).array());
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(made);
            }
        } catch (IOException full) {
            // It is compiled again next time.
            return;
        }
    }
}
