package dev.backstep.server.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.MatrixProduct;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Products of matrices by OpenBLAS, which lies in a jar beside the program. It works on Java's own arrays: nothing is
 * copied on the way. While it does, the garbage collector waits, so a large product goes in several calls.
 */
@SuppressWarnings("restricted")   // The manifest allows native access.
public final class OpenBlas implements MatrixProduct {
    /** What libopenblas stands on comes before it; not every platform has all of these. */
    private static final String[] LIBRARIES = {"libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5",
        "libopenblas.so.0"};
    // cblas.h
    private static final int ROW_MAJOR = 101;
    private static final int STRAIGHT = 111;
    private static final int TURNED = 112;
    /** Products of numbers in one call: some 10 ms. */
    private static final long CALL = 1L << 30;

    private static final Logger LOG = LoggerFactory.getLogger("backstep.cpu");
    private static final Linker LINKER = Linker.nativeLinker();

    private final MethodHandle sgemm;
    private final MethodHandle dgemm;
    private final String name;

    private OpenBlas(SymbolLookup library) {
        sgemm = product(library, "cblas_sgemm", JAVA_FLOAT);
        dgemm = product(library, "cblas_dgemm", JAVA_DOUBLE);
        name = text(library, "openblas_get_config");
    }

    /**
     * Has the engine multiply by OpenBLAS from now on. Where there is none for this machine, the engine goes on with
     * its own loops, and the log says why.
     *
     * @return whether it does
     */
    public static boolean use() {
        try {
            OpenBlas library = load(platform());
            CpuBackend.multiplyBy(library);
            LOG.atInfo().addKeyValue("library", library.name).log("matrix products by a library");
            return true;
        } catch (UnsatisfiedLinkError e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("matrix products by plain loops");
            return false;
        }
    }

    /** @throws UnsatisfiedLinkError where there is no library for that platform or it does not start here */
    static OpenBlas load(String platform) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("backstep-openblas");
            SymbolLookup last = null;
            for (String library : LIBRARIES) {
                String resource = "/org/bytedeco/openblas/" + platform + "/" + library;
                try (InputStream in = OpenBlas.class.getResourceAsStream(resource)) {
                    if (in != null) {
                        last = open(in, folder.resolve(library));
                    } else if (library.equals(LIBRARIES[LIBRARIES.length - 1])) {
                        throw new UnsatisfiedLinkError("no OpenBLAS for " + platform + " beside the program");
                    }
                }
            }
            return new OpenBlas(last);
        } catch (IOException | IllegalArgumentException e) {
            throw (Error) new UnsatisfiedLinkError("OpenBLAS cannot be loaded: " + e.getMessage()).initCause(e);
        } finally {
            if (folder != null) {
                folder.toFile().delete();
            }
        }
    }

    private static SymbolLookup open(InputStream in, Path file) throws IOException {
        Files.copy(in, file);
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } finally {
            // Linux keeps what is loaded.
            Files.delete(file);
        }
    }

    /** As bytedeco names it: {@code linux-x86_64}, {@code linux-arm64}. */
    static String platform() {
        String machine = System.getProperty("os.arch");
        return System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + switch (machine) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> machine;
        };
    }

    private static MethodHandle product(SymbolLookup library, String name, MemoryLayout number) {
        return LINKER.downcallHandle(find(library, name), FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT, JAVA_INT, JAVA_INT, number, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, number, ADDRESS, JAVA_INT),
                Linker.Option.critical(true));
    }

    private static String text(SymbolLookup library, String name) {
        try {
            MemorySegment text = (MemorySegment) LINKER.downcallHandle(find(library, name),
                    FunctionDescriptor.of(ADDRESS)).invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MemorySegment find(SymbolLookup library, String name) {
        return library.find(name).orElseThrow(() -> new UnsatisfiedLinkError("OpenBLAS lacks " + name));
    }

    @Override
    public void floats(int rows, int columns, int inner, Matrix<float[]> a, Matrix<float[]> b, float[] c, int at) {
        MemorySegment right = MemorySegment.ofArray(b.data()).asSlice(4L * b.offset());
        int step = step(columns, inner);
        for (int i = 0; i < rows; i += step) {
            MemorySegment left = MemorySegment.ofArray(a.data()).asSlice(4L * row(a, i));
            MemorySegment out = MemorySegment.ofArray(c).asSlice(4L * (at + (long) i * columns));
            try {
                sgemm.invokeExact(ROW_MAJOR, order(a), order(b), Math.min(step, rows - i), columns, inner, 1f, left,
                        a.lead(), right, b.lead(), 0f, out, columns);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void doubles(int rows, int columns, int inner, Matrix<double[]> a, Matrix<double[]> b, double[] c, int at) {
        MemorySegment right = MemorySegment.ofArray(b.data()).asSlice(8L * b.offset());
        int step = step(columns, inner);
        for (int i = 0; i < rows; i += step) {
            MemorySegment left = MemorySegment.ofArray(a.data()).asSlice(8L * row(a, i));
            MemorySegment out = MemorySegment.ofArray(c).asSlice(8L * (at + (long) i * columns));
            try {
                dgemm.invokeExact(ROW_MAJOR, order(a), order(b), Math.min(step, rows - i), columns, inner, 1.0, left,
                        a.lead(), right, b.lead(), 0.0, out, columns);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** How many rows of the result one call computes. */
    private static int step(int columns, int inner) {
        return (int) Math.max(32, CALL / ((long) columns * inner));
    }

    private static int row(Matrix<?> matrix, int i) {
        return matrix.offset() + (matrix.turned() ? i : i * matrix.lead());
    }

    private static int order(Matrix<?> matrix) {
        return matrix.turned() ? TURNED : STRAIGHT;
    }
}
