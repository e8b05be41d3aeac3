package dev.backstep.server.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A fake driver that runs kernels, on the processor of the host: their text is C++ for the compiler there too, given
 * what {@code host.h} says of threads, blocks and shuffles. So numbers are seen without a GPU; what is not seen is what
 * NVIDIA's compiler and functions make of the same text.
 */
@SuppressWarnings("restricted")
final class HostDriver extends FakeDriver {
    private static final Linker LINKER = Linker.nativeLinker();

    private final Map<Long, Kernel> kernels = new HashMap<>();

    /** A kernel, and the bytes of each of its parameters, -1 for a pointer. */
    private record Kernel(MethodHandle launch, int[] sizes) {
    }

    /** Whether this machine has what it takes. */
    static boolean isHere() {
        return System.getProperty("os.name").equals("Linux") && run(List.of("g++", "--version"), Path.of("."))
                .isEmpty();
    }

    /** @return what the command said where it failed, or nothing */
    static String run(List<String> command, Path folder) {
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : said + " ";
        } catch (IOException absent) {
            return absent.getMessage();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    static String text(String resource) {
        try (var in = HostDriver.class.getResourceAsStream("/cuda/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Compiles many programs at once, which takes a fraction of the time; those that come later are compiled alone. */
    static void compile(Collection<String> sources) {
        Host.compile(sources.stream().filter(source -> !Host.KERNELS.containsKey(source)).toList());
    }

    /** The programs that were compiled, and the functions that launch them. */
    private static final class Host {
        static final Map<String, Kernel> KERNELS = new HashMap<>();
        private static int libraries;

        static Kernel kernel(String source) {
            if (!KERNELS.containsKey(source)) {
                compile(List.of(source));
            }
            return KERNELS.get(source);
        }

        private static void compile(List<String> sources) {
            int first = KERNELS.size();
            StringBuilder text = new StringBuilder(text("host.h")).append(text("host-end.h"));
            for (int i = 0; i < sources.size(); i++) {
                String source = sources.get(i);
                String space = "n" + (first + i);
                String name = "k" + (first + i);
                boolean waits = source.contains("__syncthreads") || source.contains("__shfl");
                text.append("namespace ").append(space).append(" {\n")
                        .append(source.replace(" " + Source.NAME + "(", " " + name + "(")).append("}\nKERNEL(")
                        .append(space).append(", ").append(name).append(", ").append(waits).append(")\n");
            }
            SymbolLookup library = library(text.toString());
            for (int i = 0; i < sources.size(); i++) {
                KERNELS.put(sources.get(i), new Kernel(LINKER.downcallHandle(
                        library.find("launch_k" + (first + i)).orElseThrow(),
                        FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, ADDRESS)), sizes(library, "sizes_k" + (first + i))));
            }
        }

        private static SymbolLookup library(String text) {
            try {
                Path folder = Files.createTempDirectory("backstep-host");
                String name = "k" + libraries++ + ".so";
                Files.writeString(folder.resolve("k.cpp"), text);
                String said = run(List.of("g++", "-O1", "-w", "-std=c++17", "-ffp-contract=off", "-shared", "-fPIC",
                        "k.cpp", "-o", name), folder);
                Files.delete(folder.resolve("k.cpp"));
                if (!said.isEmpty()) {
                    throw new CudaException("nvrtcCompileProgram", CudaException.REFUSED, said);
                }
                SymbolLookup library = SymbolLookup.libraryLookup(folder.resolve(name), Arena.global());
                Files.delete(folder.resolve(name));
                Files.delete(folder);
                return library;
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    @Override
    public byte[] nvrtcCompileProgram(String source) {
        super.nvrtcCompileProgram(source);
        Host.kernel(source);
        return source.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long cuModuleLoadData(byte[] image) {
        long module = super.cuModuleLoadData(image);
        kernels.put(module, Host.kernel(new String(image, StandardCharsets.UTF_8)));
        return module;
    }

    private static int[] sizes(SymbolLookup library, String name) {
        MethodHandle ask = LINKER.downcallHandle(library.find(name).orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocate(JAVA_INT, 64);
            int count = (int) ask.invokeExact(sizes);
            return sizes.asSlice(0, 4L * count).toArray(JAVA_INT);
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Parameters are those of the call, also where a graph is launched later. */
    @Override
    public void cuLaunchKernel(long function, int blocks, int threads, MemorySegment params) {
        super.cuLaunchKernel(function, blocks, threads, params);
        Kernel kernel = kernels.get(function);
        Arena arena = Arena.ofAuto();
        MemorySegment kept = arena.allocate(ADDRESS, kernel.sizes.length);
        List<Long> pointers = new ArrayList<>();
        for (int i = 0; i < kernel.sizes.length; i++) {
            int size = kernel.sizes[i] < 0 ? 8 : kernel.sizes[i];
            MemorySegment value = arena.allocate(size, 8)
                    .copyFrom(params.getAtIndex(ADDRESS, i).reinterpret(size));
            kept.setAtIndex(ADDRESS, i, value);
            if (kernel.sizes[i] < 0) {
                pointers.add(value.get(JAVA_LONG, 0));
            }
        }
        enqueue(() -> {
            pointers.forEach(pointer -> at(pointer, 4));
            try {
                kernel.launch.invokeExact(blocks, threads, kept);
            } catch (Throwable failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    @Override
    public void cublasGemmStridedBatchedEx(Gemm g, long a, long b, long c) {
        super.cublasGemmStridedBatchedEx(g, a, b, c);
        enqueue(() -> {
            for (int batch = 0; batch < g.batches(); batch++) {
                multiply(g, a + 4 * batch * g.strideA(), b + 4 * batch * g.strideB(), c + 4 * batch * g.strideC());
            }
        });
    }

    private void multiply(Gemm g, long a, long b, long c) {
        MemorySegment left = at(a, 4 * extent(g.aTurned() ? g.m() : g.k(), g.aTurned() ? g.k() : g.m(), g.lda()));
        MemorySegment right = at(b, 4 * extent(g.bTurned() ? g.k() : g.n(), g.bTurned() ? g.n() : g.k(), g.ldb()));
        MemorySegment out = at(c, 4 * extent(g.n(), g.m(), g.ldc()));
        for (int j = 0; j < g.n(); j++) {
            for (int i = 0; i < g.m(); i++) {
                float sum = 0;
                for (int k = 0; k < g.k(); k++) {
                    float x = left.getAtIndex(JAVA_FLOAT, g.aTurned() ? (long) i * g.lda() + k
                            : (long) k * g.lda() + i);
                    float y = right.getAtIndex(JAVA_FLOAT, g.bTurned() ? (long) k * g.ldb() + j
                            : (long) j * g.ldb() + k);
                    sum = Math.fma(x, y, sum);
                }
                out.setAtIndex(JAVA_FLOAT, (long) j * g.ldc() + i, sum);
            }
        }
    }

    /** Elements from the first to the last of so many columns. */
    private static long extent(int columns, int rows, int lead) {
        return (long) (columns - 1) * lead + rows;
    }
}
