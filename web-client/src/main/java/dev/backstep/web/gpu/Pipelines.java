package dev.backstep.web.gpu;

import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.DeviceException.Kind;
import dev.backstep.web.gpu.Dispatch.Binding;
import dev.backstep.web.jso.webgpu.GPUBindGroupLayout;
import dev.backstep.web.jso.webgpu.GPUBindGroupLayoutDescriptor;
import dev.backstep.web.jso.webgpu.GPUBindGroupLayoutEntry;
import dev.backstep.web.jso.webgpu.GPUBufferBindingLayout;
import dev.backstep.web.jso.webgpu.GPUComputePipeline;
import dev.backstep.web.jso.webgpu.GPUComputePipelineDescriptor;
import dev.backstep.web.jso.webgpu.GPUDevice;
import dev.backstep.web.jso.webgpu.GPUPipelineLayout;
import dev.backstep.web.jso.webgpu.GPUPipelineLayoutDescriptor;
import dev.backstep.web.jso.webgpu.GPUProgrammableStage;
import dev.backstep.web.jso.webgpu.GPUShaderModuleDescriptor;
import dev.backstep.web.jso.webgpu.GPUShaderStage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSObjects;

/** Shaders made ready, each text once. */
final class Pipelines {
    /** A shader made ready, and what it is to be given. */
    static final class Ready {
        final GPUComputePipeline pipeline;
        final GPUBindGroupLayout layout;
        private String refused;

        private Ready(GPUComputePipeline pipeline, GPUBindGroupLayout layout) {
            this.pipeline = pipeline;
            this.layout = layout;
        }

        /** @throws DeviceException where the browser has refused it meanwhile */
        void check() {
            if (refused != null) {
                throw new DeviceException(Kind.KERNEL, refused);
            }
        }
    }

    private record Layout(GPUBindGroupLayout group, GPUPipelineLayout pipeline) {
    }

    private final GPUDevice device;
    private final Consumer<DeviceException> failed;
    private final Map<String, Ready> ready = new HashMap<>();
    private final Map<String, Layout> layouts = new HashMap<>();

    /** @param failed hears of shaders that were refused, some time after they were asked for */
    Pipelines(GPUDevice device, Consumer<DeviceException> failed) {
        this.device = device;
        this.failed = failed;
    }

    /** @throws DeviceException where the shader was refused before */
    Ready of(Dispatch dispatch) {
        Ready known = ready.get(dispatch.shader());
        if (known == null) {
            known = make(dispatch);
            ready.put(dispatch.shader(), known);
        }
        known.check();
        return known;
    }

    private Ready make(Dispatch dispatch) {
        Layout layout = layout(dispatch.bindings());
        device.pushErrorScope("validation");
        GPUShaderModuleDescriptor module = JSObjects.create();
        module.setCode(dispatch.shader());
        GPUProgrammableStage stage = JSObjects.create();
        stage.setModule(device.createShaderModule(module));
        stage.setEntryPoint("main");
        GPUComputePipelineDescriptor descriptor = JSObjects.create();
        descriptor.setLayout(layout.pipeline);
        descriptor.setCompute(stage);
        GPUComputePipeline pipeline = device.createComputePipeline(descriptor);
        Ready made = new Ready(pipeline, layout.group);
        device.popErrorScope().then(error -> {
            if (error != null) {
                made.refused = error.getMessage();
                failed.accept(new DeviceException(Kind.KERNEL, error.getMessage()));
            }
            return null;
        }, _ -> null);
        return made;
    }

    private Layout layout(List<Binding> bindings) {
        StringBuilder key = new StringBuilder();
        bindings.forEach(b -> key.append(b.isWritten() ? 'w' : 'r'));
        return layouts.computeIfAbsent(key.toString(), _ -> makeLayout(bindings));
    }

    private Layout makeLayout(List<Binding> bindings) {
        JSArray<GPUBindGroupLayoutEntry> entries = new JSArray<>();
        entries.push(entry(0, "uniform", true));
        for (int i = 0; i < bindings.size(); i++) {
            entries.push(entry(i + 1, bindings.get(i).isWritten() ? "storage" : "read-only-storage", false));
        }
        GPUBindGroupLayoutDescriptor descriptor = JSObjects.create();
        descriptor.setEntries(entries);
        GPUBindGroupLayout group = device.createBindGroupLayout(descriptor);
        GPUPipelineLayoutDescriptor layout = JSObjects.create();
        layout.setBindGroupLayouts(JSArray.of(group));
        return new Layout(group, device.createPipelineLayout(layout));
    }

    private static GPUBindGroupLayoutEntry entry(int binding, String type, boolean moves) {
        GPUBufferBindingLayout buffer = JSObjects.create();
        buffer.setType(type);
        buffer.setHasDynamicOffset(moves);
        GPUBindGroupLayoutEntry entry = JSObjects.create();
        entry.setBinding(binding);
        entry.setVisibility(GPUShaderStage.COMPUTE);
        entry.setBuffer(buffer);
        return entry;
    }
}
