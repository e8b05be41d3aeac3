package dev.backstep.web.gpu;

import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.web.gpu.Dispatch.Binding;
import dev.backstep.web.gpu.GpuMemory.Block;
import dev.backstep.web.jso.webgpu.GPUBindGroup;
import dev.backstep.web.jso.webgpu.GPUBindGroupDescriptor;
import dev.backstep.web.jso.webgpu.GPUBindGroupEntry;
import dev.backstep.web.jso.webgpu.GPUBuffer;
import dev.backstep.web.jso.webgpu.GPUBufferBinding;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.typedarrays.Int32Array;

/** Works as dispatches, whose bind groups stay as long as the memories stay. */
final class GpuExecutable implements Executable {
    private final WebGpuDevice device;
    private final int given;
    private final Step[] steps;
    private final GpuMemory[] scratch;
    /** The slots that are read, or written in part, before all of them is written. */
    private final boolean[] needsZeros;
    private final Block[] blocks;

    private static final class Step {
        final Dispatch dispatch;
        final Pipelines.Ready ready;
        final Int32Array told;
        final int size;
        GPUBindGroup group;

        Step(Dispatch dispatch, Pipelines.Ready ready) {
            this.dispatch = dispatch;
            this.ready = ready;
            told = Int32Array.copyFromJavaArray(dispatch.words());
            size = Shader.blocks16(dispatch.words().length + dispatch.numbers().length) * 16;
        }
    }

    GpuExecutable(WebGpuDevice device, List<Work> works, List<Slot> slots) {
        this.device = device;
        given = slots.size();
        List<Slot> all = new ArrayList<>(slots);
        List<Dispatch> dispatches = new ArrayList<>();
        for (Work work : works) {
            Kernels.plan(work, device.tuning(), all, dispatches);
        }
        steps = new Step[dispatches.size()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = new Step(dispatches.get(i), device.pipelines().of(dispatches.get(i)));
        }
        scratch = new GpuMemory[all.size() - given];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = device.allocate(all.get(given + i).type(), all.get(given + i).size());
        }
        needsZeros = Coverage.needsZeros(works, slots);
        blocks = new Block[all.size()];
    }

    @Override
    public void run(Memory[] slots, double[] numbers) {
        device.check();
        boolean same = true;
        for (int i = 0; i < blocks.length; i++) {
            GpuMemory memory = i < given ? (GpuMemory) slots[i] : scratch[i - given];
            same &= memory.block == blocks[i];
            blocks[i] = memory.block;
            if (i < given && memory.isStale) {
                if (needsZeros[i]) {
                    device.commands().clear(memory.block);
                }
                memory.isStale = false;
            }
        }
        for (Step step : steps) {
            step.ready.check();
            if (!same) {
                step.group = group(step);
            }
            device.commands().dispatch(step.ready.pipeline, step.group, step.dispatch, step.told, step.size, numbers);
        }
        for (Block block : blocks) {
            device.commands().name(block);
        }
    }

    private GPUBindGroup group(Step step) {
        JSArray<GPUBindGroupEntry> entries = new JSArray<>();
        entries.push(entry(0, device.commands().words, step.size));
        List<Binding> bindings = step.dispatch.bindings();
        for (int i = 0; i < bindings.size(); i++) {
            Block block = blocks[bindings.get(i).slot()];
            entries.push(entry(i + 1, block.buffer, block.bytes));
        }
        GPUBindGroupDescriptor descriptor = JSObjects.create();
        descriptor.setLayout(step.ready.layout);
        descriptor.setEntries(entries);
        return device.gpu().createBindGroup(descriptor);
    }

    private static GPUBindGroupEntry entry(int binding, GPUBuffer buffer, int size) {
        GPUBufferBinding resource = JSObjects.create();
        resource.setBuffer(buffer);
        resource.setOffset(0);
        resource.setSize(size);
        GPUBindGroupEntry entry = JSObjects.create();
        entry.setBinding(binding);
        entry.setResource(resource);
        return entry;
    }

    @Override
    public void close() {
        for (GpuMemory memory : scratch) {
            device.free(memory);
        }
    }
}
