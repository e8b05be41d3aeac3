package dev.backstep.server.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** cuBLAS, on one stream, with memory of its own to work in: it may not ask for any while a graph is captured. */
final class Cublas {
    /** Bytes that it is given to work in; NVIDIA recommends so many. */
    static final long WORKSPACE = 32L << 20;

    // cublas_api.h, library_types.h
    private static final int STRAIGHT = 0;
    private static final int TURNED = 1;
    private static final int FLOAT32 = 0;
    private static final int COMPUTE_32F = 68;
    private static final int COMPUTE_32F_FAST_TF32 = 77;
    private static final int DEFAULT_ALGORITHM = -1;
    /** CUBLAS_STATUS_ALLOC_FAILED */
    private static final int ALLOCATION = 3;

    private final MethodHandle gemm;
    private final long handle;
    private final MemorySegment one;
    private final MemorySegment zero;

    /** @param workspace memory of the device, {@link #WORKSPACE} bytes */
    Cublas(SymbolLookup library, long stream, long workspace) throws Missing {
        MethodHandle create = Nvrtc.find(library, "cublasCreate_v2", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        MethodHandle setStream = Nvrtc.find(library, "cublasSetStream_v2",
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        MethodHandle setWorkspace = Nvrtc.find(library, "cublasSetWorkspace_v2",
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        gemm = Nvrtc.find(library, "cublasGemmStridedBatchedEx", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT,
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG,
                JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT,
                JAVA_INT));
        MemorySegment memory = Arena.global().allocate(JAVA_LONG, 2);
        one = memory.asSlice(0, JAVA_FLOAT);
        zero = memory.asSlice(4, JAVA_FLOAT);
        MemorySegment out = memory.asSlice(8, JAVA_LONG);
        one.set(JAVA_FLOAT, 0, 1);
        try {
            check("cublasCreate", (int) create.invokeExact(out));
            handle = out.get(JAVA_LONG, 0);
            // The stream first: setting it takes the workspace away.
            check("cublasSetStream", (int) setStream.invokeExact(handle, stream));
            check("cublasSetWorkspace", (int) setWorkspace.invokeExact(handle, workspace, WORKSPACE));
        } catch (Throwable failed) {
            throw Nvrtc.wrapped(failed);
        }
    }

    void multiply(Driver.Gemm g, long a, long b, long c) {
        try {
            check("cublasGemmStridedBatchedEx", (int) gemm.invokeExact(handle, g.aTurned() ? TURNED : STRAIGHT,
                    g.bTurned() ? TURNED : STRAIGHT, g.m(), g.n(), g.k(), one, a, FLOAT32, g.lda(), g.strideA(), b,
                    FLOAT32, g.ldb(), g.strideB(), zero, c, FLOAT32, g.ldc(), g.strideC(), g.batches(),
                    g.tf32() ? COMPUTE_32F_FAST_TF32 : COMPUTE_32F, DEFAULT_ALGORITHM));
        } catch (Throwable failed) {
            throw Nvrtc.wrapped(failed);
        }
    }

    private static void check(String call, int status) {
        if (status != 0) {
            throw new CudaException(call, status == ALLOCATION ? CudaException.OUT_OF_MEMORY : CudaException.UNKNOWN,
                    "status " + status);
        }
    }
}
