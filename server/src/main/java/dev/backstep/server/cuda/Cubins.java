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
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kernels by their text: compiled once, kept in memory as functions and in a folder as machine code, under a name that
 * follows from text, architecture and compiler. A file that is not whole is compiled anew. Where the folder cannot be
 * written, nothing is kept there.
 *
 * <p>Beyond a number of kernels, those that no executable has are unloaded: first the one that was not asked for
 * for longest.
 */
final class Cubins {
    private static final int HASH = 32;

    private final Driver driver;
    private final Path folder;
    private final String compiler;
    private final int most;
    /** The one that was asked for last at the end. */
    private final Map<String, Loaded> loaded = new LinkedHashMap<>(16, 0.75f, true);
    private int compiled;

    /** A module of one kernel. */
    private static final class Loaded {
        final long module;
        final long function;
        int users;

        Loaded(long module, long function) {
            this.module = module;
            this.function = function;
        }
    }

    /**
     * Kernels of that driver's device.
     *
     * @param folder where machine code is kept, or null
     * @param most how many stay loaded where nobody has them
     */
    Cubins(Driver driver, Path folder, int most) {
        this.most = most;
        this.driver = driver;
        this.folder = folder;
        compiler = driver.card().architecture() + " " + driver.nvrtcVersion();
    }

    /** How many kernels the compiler made, and not the folder. */
    int compiled() {
        return compiled;
    }

    /**
     * The kernel of that text, which stays until it is released as often as it was taken.
     *
     * @throws CudaException where it cannot be made
     */
    long take(String source) {
        Loaded known = loaded.get(source);
        if (known == null) {
            makeRoom();
            known = load(source);
            loaded.put(source, known);
        }
        known.users++;
        return known.function;
    }

    /** Says that somebody has no use for the kernel of that text any more. Asks nothing of the device. */
    void release(String source) {
        loaded.get(source).users--;
    }

    /** How many kernels are loaded. */
    int loaded() {
        return loaded.size();
    }

    private void makeRoom() {
        if (loaded.size() < most) {
            return;
        }
        var all = loaded.values().iterator();
        boolean waited = false;
        while (loaded.size() >= most && all.hasNext()) {
            Loaded one = all.next();
            if (one.users == 0) {
                if (!waited) {
                    // It may still be running.
                    driver.cuStreamSynchronize();
                    waited = true;
                }
                all.remove();
                driver.cuModuleUnload(one.module);
            }
        }
    }

    private Loaded load(String source) {
        Path file = folder == null ? null : folder.resolve(name(source));
        byte[] kept = read(file);
        if (kept != null) {
            try {
                return loaded(kept);
            } catch (CudaException refused) {
                if (refused.isFinal() || refused.isOutOfMemory()) {
                    throw refused;
                }
            }
        }
        byte[] cubin = driver.nvrtcCompileProgram(source);
        compiled++;
        write(file, cubin);
        return loaded(cubin);
    }

    private Loaded loaded(byte[] cubin) {
        long module = driver.cuModuleLoadData(cubin);
        return new Loaded(module, driver.cuModuleGetFunction(module, Source.NAME));
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
