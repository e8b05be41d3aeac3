package dev.backstep.server.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The driver of the machine's first device. Not for several threads at once. */
@SuppressWarnings("restricted")   // The manifest allows native access.
final class NativeDriver implements Driver {
    // cuda.h
    private static final int MULTIPROCESSOR_COUNT = 16;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int NO_DEVICE = 100;
    private static final int NOT_READY = 600;
    private static final int STREAM_NON_BLOCKING = 1;
    private static final int CAPTURE_RELAXED = 2;
    private static final int EVENT_DISABLE_TIMING = 2;

    /** Of the toolkit's oldest compiler that knows the options we give it: Volta and later. */
    private static final int LEAST_CAPABILITY = 70;

    /** Where functions put what they answer. */
    private final MemorySegment out = Arena.global().allocate(16, 8);
    private final long context;
    private final long stream;
    private final Card card;
    private final Nvrtc nvrtc;
    private final Cublas cublas;

    private NativeDriver(int version) throws Missing {
        int code = code(() -> (int) Libcuda.CU_INIT.invokeExact(0));
        if (code != 0) {
            throw new Missing(code == NO_DEVICE ? "The NVIDIA driver finds no device."
                    : "The NVIDIA driver does not start: " + words(code) + ".");
        }
        check("cuDeviceGetCount", () -> (int) Libcuda.CU_DEVICE_GET_COUNT.invokeExact(out));
        if (out.get(JAVA_INT, 0) == 0) {
            throw new Missing("The NVIDIA driver finds no device.");
        }
        check("cuDeviceGet", () -> (int) Libcuda.CU_DEVICE_GET.invokeExact(out, 0));
        int device = out.get(JAVA_INT, 0);
        card = card(device, version);
        if (10 * card.major() + card.minor() < LEAST_CAPABILITY) {
            throw new Missing(card.name() + " is too old: compute capability 7.0 is needed.");
        }
        SymbolLookup compiler = Libraries.toolkit("libnvrtc", "libnvrtc-builtins", version / 1000);
        SymbolLookup products = Libraries.toolkit("libcublas", "libcublasLt", version / 1000);
        nvrtc = new Nvrtc(compiler, card.architecture());
        check("cuDevicePrimaryCtxRetain",
                () -> (int) Libcuda.CU_DEVICE_PRIMARY_CTX_RETAIN.invokeExact(out, device));
        context = out.get(JAVA_LONG, 0);
        cuCtxSetCurrent();
        check("cuStreamCreate", () -> (int) Libcuda.CU_STREAM_CREATE.invokeExact(out, STREAM_NON_BLOCKING));
        stream = out.get(JAVA_LONG, 0);
        cublas = new Cublas(products, stream, cuMemAlloc(Cublas.WORKSPACE));
    }

    /**
     * Opens the first device.
     *
     * @throws Missing where there is none, or something that it needs is not there
     */
    static NativeDriver open() throws Missing {
        int version = version();
        if (version < Libcuda.DECLARED) {
            throw new Missing("The NVIDIA driver is too old: it knows CUDA %d.%d, and 12.0 is needed.".formatted(
                    version / 1000, version % 1000 / 10));
        }
        try {
            return new NativeDriver(version);
        } catch (CudaException failed) {
            throw new Missing("The device cannot be used: " + failed.getMessage() + ".");
        }
    }

    /** The newest CUDA that the driver knows: 13000 is 13.0. */
    private static int version() throws Missing {
        MethodHandle ask = Nvrtc.find(Libraries.driver(), "cuDriverGetVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = arena.allocate(JAVA_INT);
            return (int) ask.invokeExact(version) == 0 ? version.get(JAVA_INT, 0) : 0;
        } catch (Throwable failed) {
            throw Nvrtc.wrapped(failed);
        }
    }

    private Card card(int device, int version) {
        String name;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(256);
            check("cuDeviceGetName", () -> (int) Libcuda.CU_DEVICE_GET_NAME.invokeExact(text, 256, device));
            name = text.getString(0);
        }
        check("cuDeviceTotalMem", () -> (int) Libcuda.CU_DEVICE_TOTAL_MEM.invokeExact(out, device));
        long memory = out.get(JAVA_LONG, 0);
        return new Card(name, attribute(CAPABILITY_MAJOR, device), attribute(CAPABILITY_MINOR, device), memory,
                attribute(MULTIPROCESSOR_COUNT, device), version);
    }

    private int attribute(int which, int device) {
        check("cuDeviceGetAttribute", () -> (int) Libcuda.CU_DEVICE_GET_ATTRIBUTE.invokeExact(out, which, device));
        return out.get(JAVA_INT, 0);
    }

    /** A call of a function that returns a CUresult. */
    private interface Call {
        int code() throws Throwable;
    }

    private static int code(Call call) {
        try {
            return call.code();
        } catch (Throwable failed) {
            throw Nvrtc.wrapped(failed);
        }
    }

    private static void check(String name, Call call) {
        int code = code(call);
        if (code != 0) {
            throw new CudaException(name, code, words(code));
        }
    }

    private static String words(int code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(ADDRESS);
            MemorySegment text = arena.allocate(ADDRESS);
            boolean known = code(() -> (int) Libcuda.CU_GET_ERROR_NAME.invokeExact(code, name)) == 0
                    && code(() -> (int) Libcuda.CU_GET_ERROR_STRING.invokeExact(code, text)) == 0;
            return known ? text(name) + ", " + text(text) : "error " + code;
        }
    }

    private static String text(MemorySegment pointer) {
        return pointer.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
    }

    @Override
    public Card card() {
        return card;
    }

    @Override
    public void cuCtxSetCurrent() {
        check("cuCtxSetCurrent", () -> (int) Libcuda.CU_CTX_SET_CURRENT.invokeExact(context));
    }

    @Override
    public long cuMemAlloc(long bytes) {
        check("cuMemAlloc", () -> (int) Libcuda.CU_MEM_ALLOC.invokeExact(out, bytes));
        return out.get(JAVA_LONG, 0);
    }

    @Override
    public void cuMemFree(long memory) {
        check("cuMemFree", () -> (int) Libcuda.CU_MEM_FREE.invokeExact(memory));
    }

    @Override
    public void cuMemsetD32Async(long memory, int value, long count) {
        check("cuMemsetD32Async", () -> (int) Libcuda.CU_MEMSET_D32_ASYNC.invokeExact(memory, value, count, stream));
    }

    @Override
    public MemorySegment cuMemHostAlloc(long bytes) {
        check("cuMemHostAlloc", () -> (int) Libcuda.CU_MEM_HOST_ALLOC.invokeExact(out, bytes, 0));
        return out.get(ADDRESS, 0).reinterpret(bytes);
    }

    @Override
    public void cuMemcpyHtoDAsync(long to, MemorySegment from, long bytes) {
        check("cuMemcpyHtoDAsync", () -> (int) Libcuda.CU_MEMCPY_HTOD_ASYNC.invokeExact(to, from, bytes, stream));
    }

    @Override
    public void cuMemcpyDtoHAsync(MemorySegment to, long from, long bytes) {
        check("cuMemcpyDtoHAsync", () -> (int) Libcuda.CU_MEMCPY_DTOH_ASYNC.invokeExact(to, from, bytes, stream));
    }

    @Override
    public void cuStreamSynchronize() {
        check("cuStreamSynchronize", () -> (int) Libcuda.CU_STREAM_SYNCHRONIZE.invokeExact(stream));
    }

    @Override
    public long cuEventCreate() {
        check("cuEventCreate", () -> (int) Libcuda.CU_EVENT_CREATE.invokeExact(out, EVENT_DISABLE_TIMING));
        return out.get(JAVA_LONG, 0);
    }

    @Override
    public void cuEventRecord(long event) {
        check("cuEventRecord", () -> (int) Libcuda.CU_EVENT_RECORD.invokeExact(event, stream));
    }

    @Override
    public boolean cuEventQuery(long event) {
        int code = code(() -> (int) Libcuda.CU_EVENT_QUERY.invokeExact(event));
        if (code != 0 && code != NOT_READY) {
            throw new CudaException("cuEventQuery", code, words(code));
        }
        return code == 0;
    }

    @Override
    public void cuEventSynchronize(long event) {
        check("cuEventSynchronize", () -> (int) Libcuda.CU_EVENT_SYNCHRONIZE.invokeExact(event));
    }

    @Override
    public void cuStreamBeginCapture() {
        check("cuStreamBeginCapture", () -> (int) Libcuda.CU_STREAM_BEGIN_CAPTURE.invokeExact(stream, CAPTURE_RELAXED));
    }

    @Override
    public long cuStreamEndCapture() {
        check("cuStreamEndCapture", () -> (int) Libcuda.CU_STREAM_END_CAPTURE.invokeExact(stream, out));
        return out.get(JAVA_LONG, 0);
    }

    @Override
    public long cuGraphInstantiate(long graph) {
        check("cuGraphInstantiate", () -> (int) Libcuda.CU_GRAPH_INSTANTIATE.invokeExact(out, graph, 0L));
        return out.get(JAVA_LONG, 0);
    }

    @Override
    public void cuGraphLaunch(long executable) {
        check("cuGraphLaunch", () -> (int) Libcuda.CU_GRAPH_LAUNCH.invokeExact(executable, stream));
    }

    @Override
    public void cuGraphDestroy(long graph) {
        check("cuGraphDestroy", () -> (int) Libcuda.CU_GRAPH_DESTROY.invokeExact(graph));
    }

    @Override
    public void cuGraphExecDestroy(long executable) {
        check("cuGraphExecDestroy", () -> (int) Libcuda.CU_GRAPH_EXEC_DESTROY.invokeExact(executable));
    }

    @Override
    public long cuModuleLoadData(byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(image.length, 8).copyFrom(MemorySegment.ofArray(image));
            check("cuModuleLoadData", () -> (int) Libcuda.CU_MODULE_LOAD_DATA.invokeExact(out, bytes));
            return out.get(JAVA_LONG, 0);
        }
    }

    @Override
    public void cuModuleUnload(long module) {
        check("cuModuleUnload", () -> (int) Libcuda.CU_MODULE_UNLOAD.invokeExact(module));
    }

    @Override
    public long cuModuleGetFunction(long module, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            check("cuModuleGetFunction", () -> (int) Libcuda.CU_MODULE_GET_FUNCTION.invokeExact(out, module, text));
            return out.get(JAVA_LONG, 0);
        }
    }

    @Override
    public void cuLaunchKernel(long function, int blocks, int threads, MemorySegment params) {
        check("cuLaunchKernel", () -> (int) Libcuda.CU_LAUNCH_KERNEL.invokeExact(function, blocks, 1, 1, threads, 1, 1, 0,
                stream, params, MemorySegment.NULL));
    }

    @Override
    public String nvrtcVersion() {
        return nvrtc.version();
    }

    @Override
    public byte[] nvrtcCompileProgram(String source) {
        return nvrtc.compile(source);
    }

    @Override
    public void cublasGemmStridedBatchedEx(Gemm gemm, long a, long b, long c) {
        cublas.multiply(gemm, a, b, c);
    }
}
