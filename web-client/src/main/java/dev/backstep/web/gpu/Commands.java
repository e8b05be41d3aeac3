package dev.backstep.web.gpu;

import dev.backstep.web.gpu.GpuMemory.Block;
import dev.backstep.web.jso.webgpu.GPUBindGroup;
import dev.backstep.web.jso.webgpu.GPUBuffer;
import dev.backstep.web.jso.webgpu.GPUBufferDescriptor;
import dev.backstep.web.jso.webgpu.GPUBufferUsage;
import dev.backstep.web.jso.webgpu.GPUCommandBuffer;
import dev.backstep.web.jso.webgpu.GPUCommandEncoder;
import dev.backstep.web.jso.webgpu.GPUComputePassEncoder;
import dev.backstep.web.jso.webgpu.GPUComputePipeline;
import dev.backstep.web.jso.webgpu.GPUDevice;
import dev.backstep.web.jso.webgpu.GPUQueue;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Int32Array;
import org.teavm.jso.typedarrays.Uint32Array;

/**
 * Commands that gather until somebody must see what they do. The words of all dispatches since the last submission lie
 * in one buffer, written once, and each dispatch is given its piece by an offset.
 */
final class Commands {
    /** Bytes of a step of offsets: the most that {@code minUniformBufferOffsetAlignment} can be. */
    static final int STEP = 256;
    private static final int ROOM = 1 << 18;
    /** So many dispatches are enough for the device to begin. */
    private static final int ENOUGH = 256;

    private final GPUDevice device;
    private final GPUQueue queue;
    final GPUBuffer words;
    private final Int32Array ints;
    private final Float32Array floats;
    private final Uint32Array offsets = new Uint32Array(1);
    private GPUCommandEncoder encoder;
    private GPUComputePassEncoder pass;
    private int filled;
    private int dispatches;
    private int submission;

    Commands(GPUDevice device) {
        this.device = device;
        queue = device.getQueue();
        GPUBufferDescriptor descriptor = JSObjects.create();
        descriptor.setSize(ROOM);
        descriptor.setUsage(GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
        words = device.createBuffer(descriptor);
        ArrayBuffer bytes = new ArrayBuffer(ROOM);
        ints = new Int32Array(bytes);
        floats = new Float32Array(bytes);
    }

    /** Whether commands that were not submitted yet name it. */
    boolean uses(Block block) {
        return encoder != null && block.submission == submission;
    }

    /** @param size bytes of the dispatch's words, whole steps */
    void dispatch(GPUComputePipeline pipeline, GPUBindGroup group, Dispatch dispatch, Int32Array told, int size,
            double[] numbers) {
        if (filled + size > ROOM || dispatches >= ENOUGH) {
            submit();
        }
        ints.set(told, filled / 4);
        int at = filled / 4 + dispatch.words().length;
        for (int number : dispatch.numbers()) {
            floats.set(at++, (float) numbers[number]);
        }
        if (pass == null) {
            pass = encoder().beginComputePass();
        }
        pass.setPipeline(pipeline);
        offsets.set(0, filled);
        pass.setBindGroup(0, group, offsets, 0, 1);
        pass.dispatchWorkgroups(dispatch.across(), dispatch.down());
        filled += size;
        dispatches++;
    }

    /** Says that commands since the last submission name it. */
    void name(Block block) {
        block.submission = submission;
    }

    private GPUCommandEncoder encoder() {
        if (encoder == null) {
            encoder = device.createCommandEncoder();
        }
        return encoder;
    }

    /** The encoder between passes. */
    GPUCommandEncoder open() {
        if (pass != null) {
            pass.end();
            pass = null;
        }
        return encoder();
    }

    void clear(Block block) {
        open().clearBuffer(block.buffer);
        name(block);
    }

    void submit() {
        if (encoder == null) {
            return;
        }
        GPUCommandEncoder done = open();
        encoder = null;
        if (filled > 0) {
            queue.writeBuffer(words, 0, ints, 0, filled / 4);
        }
        queue.submit(JSArray.<GPUCommandBuffer>of(done.finish()));
        filled = 0;
        dispatches = 0;
        submission++;
    }
}
