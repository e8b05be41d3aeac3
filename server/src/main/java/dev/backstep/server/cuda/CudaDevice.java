package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.DeviceException.Kind;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.backend.device.Work;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A graphics processor of NVIDIA's. It does what it is asked in order, without anybody waiting but for {@link #read}.
 * Threads may share it: each call has it for itself. Once a call has failed in a way that leaves the processor unusable,
 * every call throws that it is lost.
 */
final class CudaDevice implements Device {
    /** Sums of thousands of products in float32, in another order; and of those whose factors have 10 bits. */
    private static final double TOLERANCE = 1e-5;
    private static final double TF32_TOLERANCE = 5e-3;
    private static final double STRAYS = 0.01;
    private static final int MOST_GRAPHS = 64;
    /** Of some tens of kilobytes each. */
    private static final int MOST_KERNELS = 1_000;

    private final Driver driver;
    private final Cubins cubins;
    private final Pool pool;
    private final Staging staging;
    private final Later later;
    private final Graphs graphs;
    private final boolean tf32;
    private Thread last;
    private volatile String lost;

    /**
     * A device that nobody has tested.
     *
     * @param folder where compiled kernels are kept, or null
     * @param tf32 whether products of matrices may round their factors to 10 bits
     * @throws DeviceException where it cannot be used
     */
    CudaDevice(Driver driver, Path folder, boolean tf32) {
        this.driver = driver;
        this.tf32 = tf32;
        try {
            driver.cuCtxSetCurrent();
            last = Thread.currentThread();
            cubins = new Cubins(driver, folder, MOST_KERNELS);
            pool = new Pool(driver);
            staging = new Staging(driver);
            later = new Later(this, driver);
            graphs = new Graphs(driver, MOST_GRAPHS);
        } catch (CudaException failed) {
            throw failed.toDevice();
        }
    }

    /**
     * Does something with the device.
     *
     * @throws DeviceException where it fails, or has failed for good before
     */
    synchronized <T> T ask(Supplier<T> what) {
        if (lost != null) {
            throw new DeviceException(Kind.LOST, lost);
        }
        try {
            if (last != Thread.currentThread()) {
                driver.cuCtxSetCurrent();
                last = Thread.currentThread();
            }
            return what.get();
        } catch (CudaException failed) {
            DeviceException told = failed.toDevice();
            lost = told.kind() == Kind.LOST ? told.getMessage() : null;
            throw told;
        }
    }

    private void tell(Runnable what) {
        ask(() -> {
            what.run();
            return true;
        });
    }

    /** Why no call succeeds any more, or null. */
    String lost() {
        return lost;
    }

    Driver driver() {
        return driver;
    }

    Cubins cubins() {
        return cubins;
    }

    Staging staging() {
        return staging;
    }

    Graphs graphs() {
        return graphs;
    }

    boolean tf32() {
        return tf32;
    }

    /** How memory is used; told while somebody has the device, too. */
    Pool.Figures memory() {
        return pool.figures();
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public double tolerance() {
        return tf32 ? TF32_TOLERANCE : TOLERANCE;
    }

    @Override
    public double strays() {
        return STRAYS;
    }

    @Override
    public boolean takes(Work work) {
        return Stream.concat(work.outs().stream(), work.ins().stream()).map(Operand::type)
                .noneMatch(type -> type == DType.FLOAT64);
    }

    @Override
    public Memory allocate(DType type, int size) {
        return ask(() -> memory(type, size));
    }

    /** Zeroed memory, for whoever has the device already. */
    CudaMemory memory(DType type, int size) {
        long bytes = CudaMemory.bytes(type, size);
        CudaMemory memory = new CudaMemory(type, size, pool.allocate(bytes));
        driver.cuMemsetD32Async(memory.address, 0, Pool.size(bytes) / 4);
        return memory;
    }

    void giveBack(CudaMemory memory) {
        if (!memory.isFree) {
            memory.isFree = true;
            pool.free(memory.address, memory.bytes());
        }
    }

    /** A lost device has nothing to give back. */
    @Override
    public synchronized void free(Memory memory) {
        giveBack((CudaMemory) memory);
    }

    @Override
    public void write(Memory to, float[] values) {
        tell(() -> staging.write(((CudaMemory) to).address, MemorySegment.ofArray(values)));
    }

    @Override
    public void write(Memory to, int[] values) {
        tell(() -> staging.write(((CudaMemory) to).address, MemorySegment.ofArray(values)));
    }

    @Override
    public void read(Memory from, float[] values) {
        tell(() -> staging.read(((CudaMemory) from).address, MemorySegment.ofArray(values)));
    }

    @Override
    public void read(Memory from, int[] values) {
        tell(() -> staging.read(((CudaMemory) from).address, MemorySegment.ofArray(values)));
    }

    /** Of much memory the numbers are there at once. */
    @Override
    public Pending readLater(Memory from) {
        CudaMemory memory = (CudaMemory) from;
        if (memory.bytes() > Later.MOST) {
            float[] values = new float[memory.size()];
            read(memory, values);
            return Pending.of(values);
        }
        return ask(() -> later.read(memory.address, memory.size()));
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        return ask(() -> new CudaExecutable(this, works, slots));
    }

    synchronized void close(CudaExecutable executable, List<String> kernels, List<CudaMemory> scratch,
            CudaMemory numbers) {
        kernels.forEach(cubins::release);
        scratch.forEach(this::giveBack);
        if (numbers != null) {
            giveBack(numbers);
        }
        if (lost == null) {
            tell(() -> graphs.drop(executable));
        }
    }
}
