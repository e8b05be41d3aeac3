package dev.backstep.server.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A driver whose device is the host's memory. It notes every call, fails where it is told to, and holds its users to
 * what CUDA asks of them: memory is there and is freed once, nothing waits or allocates while a graph is captured, a
 * graph does what was captured with the parameters of then. Kernels are not run; a subclass may.
 */
class FakeDriver implements Driver {
    private static final byte GUARD = 0x5a;
    private static final long GUARDED = 64;

    final List<String> calls = new ArrayList<>();
    /** The programs that were compiled. */
    final Set<String> sources = new LinkedHashSet<>();
    private final TreeMap<Long, MemorySegment> memories = new TreeMap<>();
    private final Map<Long, Arena> arenas = new HashMap<>();
    private final Map<Long, Boolean> events = new HashMap<>();
    private final Map<Long, List<Runnable>> graphs = new HashMap<>();
    private final Map<Long, List<Runnable>> ready = new HashMap<>();
    private final Map<Long, String> modules = new LinkedHashMap<>();
    private final Set<Thread> threads = new HashSet<>();
    private List<Runnable> captured;
    private long next = 1;
    /** The most bytes the device has. */
    long room = Long.MAX_VALUE;
    private long used;
    private String failing;
    private int failure;
    private int failsAfter;

    /** From the {@code after}-th next call of that name on, every such call fails; {@code ""} is any call. */
    void fail(String call, int after, int code) {
        failing = call;
        failsAfter = after;
        failure = code;
    }

    void heal() {
        failing = null;
    }

    long count(String call) {
        return calls.stream().filter(call::equals).count();
    }

    int memories() {
        return memories.size();
    }

    int graphs() {
        return ready.size();
    }

    void note(String call) {
        calls.add(call);
        expect(call.equals("cuCtxSetCurrent") || threads.contains(Thread.currentThread()),
                "a thread without a context");
        if (failing != null && (failing.isEmpty() || failing.equals(call)) && failsAfter-- <= 0) {
            throw new CudaException(call, failure, "told to fail");
        }
    }

    static void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private void notCapturing() {
        expect(captured == null, "not while a graph is captured");
    }

    /** The memory that holds so many bytes at that address. */
    MemorySegment at(long address, long bytes) {
        var entry = memories.floorEntry(address);
        expect(entry != null && address + bytes <= entry.getKey() + entry.getValue().byteSize() - GUARDED,
                "no memory of " + bytes + " bytes at " + address);
        return entry.getValue().asSlice(address - entry.getKey(), bytes);
    }

    /** Does something now, or whenever the graph is launched that is being captured. */
    void enqueue(Runnable what) {
        if (captured != null) {
            captured.add(what);
        } else {
            what.run();
        }
    }

    @Override
    public Card card() {
        return new Card("fake", 9, 0, 1L << 30, 4, 13_000);
    }

    @Override
    public void cuCtxSetCurrent() {
        note("cuCtxSetCurrent");
        threads.add(Thread.currentThread());
    }

    @Override
    public long cuMemAlloc(long bytes) {
        note("cuMemAlloc");
        notCapturing();
        if (used + bytes > room) {
            throw new CudaException("cuMemAlloc", CudaException.OUT_OF_MEMORY, "out of memory");
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(bytes + GUARDED, 256).fill(GUARD);
        memories.put(memory.address(), memory);
        arenas.put(memory.address(), arena);
        used += bytes;
        return memory.address();
    }

    @Override
    public void cuMemFree(long memory) {
        note("cuMemFree");
        notCapturing();
        MemorySegment freed = memories.remove(memory);
        expect(freed != null, "memory that is not there");
        used -= freed.byteSize() - GUARDED;
        check(freed);
        arenas.remove(memory).close();
    }

    private static void check(MemorySegment memory) {
        for (long i = memory.byteSize() - GUARDED; i < memory.byteSize(); i++) {
            expect(memory.get(ValueLayout.JAVA_BYTE, i) == GUARD, "written behind the end of memory");
        }
    }

    /** Finds whether anybody wrote behind the end of memory. */
    void check() {
        memories.values().forEach(FakeDriver::check);
    }

    @Override
    public void cuMemsetD32Async(long memory, int value, long count) {
        note("cuMemsetD32Async");
        MemorySegment all = at(memory, 4 * count);
        enqueue(() -> {
            for (long i = 0; i < count; i++) {
                all.setAtIndex(ValueLayout.JAVA_INT, i, value);
            }
        });
    }

    @Override
    public MemorySegment cuMemHostAlloc(long bytes) {
        note("cuMemHostAlloc");
        notCapturing();
        return Arena.ofAuto().allocate(bytes, 256);
    }

    @Override
    public void cuMemcpyHtoDAsync(long to, MemorySegment from, long bytes) {
        note("cuMemcpyHtoDAsync");
        notCapturing();
        expect(from.isNative(), "Java's own memory, which moves");
        at(to, bytes).copyFrom(from.asSlice(0, bytes));
    }

    @Override
    public void cuMemcpyDtoHAsync(MemorySegment to, long from, long bytes) {
        note("cuMemcpyDtoHAsync");
        notCapturing();
        to.asSlice(0, bytes).copyFrom(at(from, bytes));
    }

    @Override
    public void cuStreamSynchronize() {
        note("cuStreamSynchronize");
        notCapturing();
    }

    @Override
    public long cuEventCreate() {
        note("cuEventCreate");
        events.put(next, false);
        return next++;
    }

    @Override
    public void cuEventRecord(long event) {
        note("cuEventRecord");
        notCapturing();
        expect(events.containsKey(event), "no such event");
        events.put(event, false);
    }

    /** The first time it is asked the device is not done. */
    @Override
    public boolean cuEventQuery(long event) {
        note("cuEventQuery");
        return events.put(event, true);
    }

    @Override
    public void cuEventSynchronize(long event) {
        note("cuEventSynchronize");
        notCapturing();
        events.put(event, true);
    }

    @Override
    public void cuStreamBeginCapture() {
        note("cuStreamBeginCapture");
        notCapturing();
        captured = new ArrayList<>();
    }

    @Override
    public long cuStreamEndCapture() {
        List<Runnable> whole = captured;
        captured = null;
        note("cuStreamEndCapture");
        graphs.put(next, whole);
        return next++;
    }

    @Override
    public long cuGraphInstantiate(long graph) {
        note("cuGraphInstantiate");
        expect(graphs.containsKey(graph), "no such graph");
        ready.put(next, graphs.get(graph));
        return next++;
    }

    @Override
    public void cuGraphLaunch(long executable) {
        note("cuGraphLaunch");
        notCapturing();
        expect(ready.containsKey(executable), "no such graph");
        ready.get(executable).forEach(Runnable::run);
    }

    @Override
    public void cuGraphDestroy(long graph) {
        note("cuGraphDestroy");
        expect(graphs.remove(graph) != null, "no such graph");
    }

    @Override
    public void cuGraphExecDestroy(long executable) {
        note("cuGraphExecDestroy");
        expect(ready.remove(executable) != null, "no such graph");
    }

    @Override
    public long cuModuleLoadData(byte[] image) {
        note("cuModuleLoadData");
        modules.put(next, new String(image, StandardCharsets.UTF_8));
        return next++;
    }

    @Override
    public void cuModuleUnload(long module) {
        note("cuModuleUnload");
        notCapturing();
        expect(modules.remove(module) != null, "no such module");
    }

    @Override
    public long cuModuleGetFunction(long module, String name) {
        note("cuModuleGetFunction");
        expect(modules.containsKey(module), "no such module");
        return module;
    }

    @Override
    public void cuLaunchKernel(long function, int blocks, int threads, MemorySegment params) {
        note("cuLaunchKernel");
        expect(modules.containsKey(function), "no such function");
        expect(blocks > 0 && threads > 0 && threads <= 1024, "no such grid");
    }

    @Override
    public String nvrtcVersion() {
        return "fake";
    }

    @Override
    public byte[] nvrtcCompileProgram(String source) {
        note("nvrtcCompileProgram");
        sources.add(source);
        return source.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void cublasGemmStridedBatchedEx(Gemm gemm, long a, long b, long c) {
        note("cublasGemmStridedBatchedEx");
        // As cuBLAS asks for it.
        expect(gemm.lda() >= (gemm.aTurned() ? gemm.k() : gemm.m()), "lda is too small");
        expect(gemm.ldb() >= (gemm.bTurned() ? gemm.n() : gemm.k()), "ldb is too small");
        expect(gemm.ldc() >= gemm.m(), "ldc is too small");
    }
}
