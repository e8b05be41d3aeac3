package dev.backstep.server.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** NVIDIA's compiler as a library; it needs neither a driver nor headers. */
@SuppressWarnings("restricted")   // The manifest allows native access.
final class Nvrtc {
    /** Neither products and sums joined nor anything fast and loose: numbers are those of the CPU's float32. */
    private static final List<String> OPTIONS = List.of("--fmad=false", "--ftz=false", "--prec-div=true",
            "--prec-sqrt=true", "--std=c++17", "--device-as-default-execution-space");

    private final MethodHandle version;
    private final MethodHandle create;
    private final MethodHandle compile;
    private final MethodHandle cubinSize;
    private final MethodHandle cubin;
    private final MethodHandle logSize;
    private final MethodHandle log;
    private final MethodHandle destroy;
    private final String architecture;

    /** @param architecture such as {@code sm_90} */
    Nvrtc(SymbolLookup library, String architecture) throws Missing {
        this.architecture = architecture;
        version = find(library, "nvrtcVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        create = find(library, "nvrtcCreateProgram", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS,
                JAVA_INT, ADDRESS, ADDRESS));
        compile = find(library, "nvrtcCompileProgram", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS));
        FunctionDescriptor answer = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS);
        cubinSize = find(library, "nvrtcGetCUBINSize", answer);
        cubin = find(library, "nvrtcGetCUBIN", answer);
        logSize = find(library, "nvrtcGetProgramLogSize", answer);
        log = find(library, "nvrtcGetProgramLog", answer);
        destroy = find(library, "nvrtcDestroyProgram", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static MethodHandle find(SymbolLookup library, String name, FunctionDescriptor type) throws Missing {
        return Linker.nativeLinker().downcallHandle(library.find(name)
                .orElseThrow(() -> new Missing("A library of CUDA's lacks " + name + ": it is too old.")), type);
    }

    /** Such as {@code 13.0}. */
    String version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(JAVA_INT, 2);
            check("nvrtcVersion", (int) version.invokeExact(numbers, numbers.asSlice(4)), "");
            return numbers.getAtIndex(JAVA_INT, 0) + "." + numbers.getAtIndex(JAVA_INT, 1);
        } catch (Throwable failed) {
            throw wrapped(failed);
        }
    }

    /** @throws CudaException with the compiler's words where it refuses the source */
    byte[] compile(String source) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(JAVA_LONG);
            check("nvrtcCreateProgram", (int) create.invokeExact(program, arena.allocateFrom(source),
                    arena.allocateFrom("backstep.cu"), 0, MemorySegment.NULL, MemorySegment.NULL), "");
            try {
                return compile(program.get(JAVA_LONG, 0), arena);
            } finally {
                check("nvrtcDestroyProgram", (int) destroy.invokeExact(program), "");
            }
        } catch (Throwable failed) {
            throw wrapped(failed);
        }
    }

    private byte[] compile(long program, Arena arena) throws Throwable {
        MemorySegment options = arena.allocate(ADDRESS, OPTIONS.size() + 1L);
        for (int i = 0; i < OPTIONS.size(); i++) {
            options.setAtIndex(ADDRESS, i, arena.allocateFrom(OPTIONS.get(i)));
        }
        options.setAtIndex(ADDRESS, OPTIONS.size(), arena.allocateFrom("--gpu-architecture=" + architecture));
        int code = (int) compile.invokeExact(program, OPTIONS.size() + 1, options);
        MemorySegment size = arena.allocate(JAVA_LONG);
        if (code != 0) {
            check("nvrtcGetProgramLogSize", (int) logSize.invokeExact(program, size), "");
            MemorySegment words = arena.allocate(Math.max(1, size.get(JAVA_LONG, 0)));
            check("nvrtcGetProgramLog", (int) log.invokeExact(program, words), "");
            check("nvrtcCompileProgram", code, words.getString(0));
        }
        check("nvrtcGetCUBINSize", (int) cubinSize.invokeExact(program, size), "");
        MemorySegment made = arena.allocate(size.get(JAVA_LONG, 0));
        check("nvrtcGetCUBIN", (int) cubin.invokeExact(program, made), "");
        return made.toArray(JAVA_BYTE);
    }

    private static void check(String call, int code, String words) {
        if (code != 0) {
            throw new CudaException(call, CudaException.REFUSED, "error " + code + " " + words);
        }
    }

    /** What a call of another language threw: only what {@link #check} throws is expected. */
    static RuntimeException wrapped(Throwable failed) {
        return failed instanceof RuntimeException known ? known : new IllegalStateException(failed);
    }
}
