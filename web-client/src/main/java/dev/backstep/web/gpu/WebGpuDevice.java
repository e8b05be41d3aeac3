package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.DeviceException.Kind;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.web.gpu.GpuMemory.Block;
import dev.backstep.web.jso.webgpu.GPUDevice;
import dev.backstep.web.jso.webgpu.GPUOutOfMemoryError;
import dev.backstep.web.jso.webgpu.GPUUncapturedErrorEvent;
import java.util.List;
import java.util.function.Consumer;
import org.teavm.jso.typedarrays.ArrayBufferView;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Int32Array;

/**
 * The graphics processor. It does nothing until somebody reads, or much has gathered. What goes wrong is told some time
 * later by the browser, so the next call throws it; a device that is lost throws ever after. {@link Opening} makes one.
 */
public final class WebGpuDevice implements Device {
    /** The feature's name. */
    static final String SUBGROUPS = "subgroups";

    private final GPUDevice gpu;
    private Tuning tuning = Tuning.FIRST;
    private final Commands commands;
    private final Pool pool;
    private final Pipelines pipelines;
    private final Reader reader;
    private final MappedReader maps;
    private final int mostSlots;
    private DeviceException failure;
    private String lost;

    WebGpuDevice(GPUDevice gpu) {
        this.gpu = gpu;
        commands = new Commands(gpu);
        pool = new Pool(gpu, commands);
        pipelines = new Pipelines(gpu, this::fail);
        reader = Reader.of(gpu, commands);
        maps = new MappedReader(gpu, commands, this::check);
        mostSlots = (int) gpu.getLimits().getMaxStorageBuffersPerShaderStage();
        gpu.getLost().then(info -> {
            lost = info.getReason() + ": " + info.getMessage();
            return null;
        });
        gpu.addEventListener("uncapturederror", (GPUUncapturedErrorEvent event) -> {
            event.preventDefault();
            fail(new DeviceException(GPUOutOfMemoryError.isOne(event.getError()) ? Kind.OUT_OF_MEMORY : Kind.KERNEL,
                    event.getError().getMessage()));
        });
    }

    private void fail(DeviceException failed) {
        if (failure == null) {
            failure = failed;
        }
    }

    /** @throws DeviceException what the browser has told since the last call */
    void check() {
        if (lost != null) {
            throw new DeviceException(Kind.LOST, lost);
        }
        if (failure != null) {
            DeviceException thrown = failure;
            failure = null;
            throw thrown;
        }
    }

    GPUDevice gpu() {
        return gpu;
    }

    /** Whether shaders may use the instructions of subgroups. */
    boolean hasSubgroups() {
        return gpu.getFeatures().has(SUBGROUPS);
    }

    Commands commands() {
        return commands;
    }

    Pipelines pipelines() {
        return pipelines;
    }

    Tuning tuning() {
        return tuning;
    }

    void tune(Tuning better) {
        tuning = better;
    }

    /** What was found to suit it, for {@link Opening#open} of the same device another time. */
    public String calibration() {
        return tuning.text();
    }

    @Override
    public String name() {
        return "webgpu";
    }

    @Override
    public boolean draws() {
        return tuning.words() > 0;
    }

    @Override
    public boolean takes(Work work) {
        for (Operand operand : work.outs()) {
            if (operand.type() == DType.FLOAT64) {
                return false;
            }
        }
        for (Operand operand : work.ins()) {
            if (operand.type() == DType.FLOAT64) {
                return false;
            }
        }
        return Kernels.slots(work) <= mostSlots;
    }

    @Override
    public GpuMemory allocate(DType type, int size) {
        check();
        Block block = pool.used(size);
        return new GpuMemory(type, size, block == null ? pool.fresh(size) : block, block != null);
    }

    @Override
    public void free(Memory memory) {
        GpuMemory freed = (GpuMemory) memory;
        if (!freed.isFree) {
            freed.isFree = true;
            pool.giveBack(freed.block);
        }
    }

    @Override
    public void write(Memory to, float[] values) {
        write((GpuMemory) to, Float32Array.copyFromJavaArray(values), values.length);
    }

    @Override
    public void write(Memory to, int[] values) {
        write((GpuMemory) to, Int32Array.copyFromJavaArray(values), values.length);
    }

    private void write(GpuMemory to, ArrayBufferView values, int count) {
        check();
        if (to.isStale && count < to.size()) {
            commands.clear(to.block);
        }
        to.isStale = false;
        if (commands.uses(to.block)) {
            commands.submit();
        }
        gpu.getQueue().writeBuffer(to.block.buffer, 0, values);
    }

    @Override
    public void read(Memory from, float[] values) {
        int[] bits = new int[values.length];
        read(from, bits);
        for (int i = 0; i < bits.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }
    }

    @Override
    public void read(Memory from, int[] values) {
        check();
        reader.read(settled(from), values.length, values);
    }

    @Override
    public Pending readLater(Memory from) {
        check();
        return maps.read(settled(from), from.size());
    }

    private Block settled(Memory from) {
        GpuMemory memory = (GpuMemory) from;
        if (memory.isStale) {
            commands.clear(memory.block);
            memory.isStale = false;
        }
        return memory.block;
    }

    @Override
    public Executable prepare(List<Work> works, List<Slot> slots) {
        check();
        return new GpuExecutable(this, works, slots);
    }

    /** Has somebody told, once, that the device is lost, and what the browser says of it. */
    public void onLost(Consumer<String> told) {
        gpu.getLost().then(info -> {
            told.accept(info.getMessage());
            return null;
        });
    }

    /** Begins what has gathered, which a read would do too. */
    public void submit() {
        commands.submit();
    }

    /** Gives the device back; from now on it is lost. */
    public void destroy() {
        gpu.destroy();
        lost = "destroyed";
    }
}
