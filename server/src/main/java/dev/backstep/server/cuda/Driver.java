package dev.backstep.server.cuda;

import java.lang.foreign.MemorySegment;

/**
 * What is used of libcuda, NVRTC and cuBLAS, under their own names, on one device with one stream. Memory of the device
 * and its objects are numbers, as they are for CUDA. Every call may throw a {@link CudaException}; all but
 * {@link #cuStreamSynchronize}, {@link #cuEventSynchronize} and freeing return before the device is done.
 */
interface Driver {
    /** What the device is. */
    Card card();

    /** Makes the device's primary context the calling thread's. */
    void cuCtxSetCurrent();

    // Memory

    long cuMemAlloc(long bytes);

    void cuMemFree(long memory);

    void cuMemsetD32Async(long memory, int value, long count);

    /** Memory of the host that the device reads and writes by itself. */
    MemorySegment cuMemHostAlloc(long bytes);

    void cuMemcpyHtoDAsync(long to, MemorySegment from, long bytes);

    void cuMemcpyDtoHAsync(MemorySegment to, long from, long bytes);

    // The stream

    void cuStreamSynchronize();

    long cuEventCreate();

    void cuEventRecord(long event);

    /** Whether all that was asked before the event was recorded is done. */
    boolean cuEventQuery(long event);

    void cuEventSynchronize(long event);

    void cuStreamBeginCapture();

    /** @return a graph of what was asked since the capture began, and not done */
    long cuStreamEndCapture();

    /** @return the graph made ready to be launched */
    long cuGraphInstantiate(long graph);

    void cuGraphLaunch(long executable);

    void cuGraphDestroy(long graph);

    void cuGraphExecDestroy(long executable);

    // Kernels

    long cuModuleLoadData(byte[] image);

    void cuModuleUnload(long module);

    long cuModuleGetFunction(long module, String name);

    /** @param params an address for each parameter, where its value lies */
    void cuLaunchKernel(long function, int blocks, int threads, MemorySegment params);

    /** Which compiler it is. */
    String nvrtcVersion();

    /**
     * The program as machine code (CUBIN) for this device.
     *
     * @throws CudaException with the compiler's words where it refuses the program
     */
    byte[] nvrtcCompileProgram(String source);

    // Products of matrices

    /** C = A B for each of a batch of float32 matrices in column-major order. */
    void cublasGemmStridedBatchedEx(Gemm gemm, long a, long b, long c);

    /**
     * A device.
     *
     * @param major of its compute capability, as {@code minor}
     * @param memory in bytes
     * @param processors streaming multiprocessors
     * @param driver the newest CUDA that its driver knows: 13000 is 13.0
     */
    record Card(String name, int major, int minor, long memory, int processors, int driver) {
        /** The architecture as compilers name it. */
        String architecture() {
            return "sm_" + major + minor;
        }
    }

    /**
     * A batch of products.
     *
     * @param aTurned whether A lies in row-major order, likewise B
     * @param lda elements from a column (or row) of A to the next
     * @param strideA elements from a matrix of the batch to the next
     * @param tf32 whether factors may be rounded to 10 bits of fraction
     */
    record Gemm(boolean aTurned, boolean bTurned, int m, int n, int k, int lda, long strideA, int ldb, long strideB,
            int ldc, long strideC, int batches, boolean tf32) {
    }
}
