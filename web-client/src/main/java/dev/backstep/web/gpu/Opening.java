package dev.backstep.web.gpu;

import dev.backstep.web.jso.webgpu.GPU;
import dev.backstep.web.jso.webgpu.GPUAdapter;
import dev.backstep.web.jso.webgpu.GPUDeviceDescriptor;
import dev.backstep.web.jso.webgpu.GPURequestAdapterOptions;
import dev.backstep.web.jso.webgpu.GPURequiredLimits;
import dev.backstep.web.jso.webgpu.GPUSupportedLimits;
import dev.backstep.web.jso.webgpu.NavigatorGPU;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.function.JSMapping;

/** Asks the browser for its graphics processor. */
public final class Opening {
    /** Bindings that every kernel but a long formula gets by with. */
    private static final int FEWEST_BUFFERS = 4;

    /** Why there is no device. */
    public enum Reason {
        /** The browser has no WebGPU, or the page is not a secure one. */
        NO_WEBGPU,
        /** It has, but no processor for it. */
        NO_ADAPTER,
        /** The processor's limits are too small. */
        LIMITS,
        /** It gave none; the detail says what the browser said. */
        REFUSED
    }

    /** Who hears what came of it, some time later. */
    public interface Answer {
        void opened(WebGpuDevice device);

        /** @param detail the browser's own words, or empty */
        void failed(Reason reason, String detail);
    }

    private final Answer answer;

    private final Tuning known;

    private Opening(Answer answer, Tuning known) {
        this.answer = answer;
        this.known = known;
    }

    /** Measures what suits the device and answers once, some time later. */
    public static void open(Answer answer) {
        open(null, answer);
    }

    /**
     * Answers once, some time later.
     *
     * @param calibration what {@link WebGpuDevice#calibration} said of this device another time; otherwise it is
     *     measured now, which takes up to a second
     */
    public static void open(String calibration, Answer answer) {
        new Opening(answer, Tuning.of(calibration)).adapter();
    }

    private void adapter() {
        GPU gpu = NavigatorGPU.getGpu();
        if (gpu == null || JSObjects.isUndefined(gpu)) {
            answer.failed(Reason.NO_WEBGPU, "");
            return;
        }
        GPURequestAdapterOptions options = JSObjects.create();
        options.setPowerPreference("high-performance");
        gpu.requestAdapter(options).then(adapter -> {
            if (adapter == null) {
                answer.failed(Reason.NO_ADAPTER, "");
            } else {
                device(adapter);
            }
            return null;
        }, refused(Reason.NO_ADAPTER));
    }

    private <V> JSMapping<Object, V> refused(Reason reason) {
        return error -> {
            answer.failed(reason, JSObjects.toString(error));
            return null;
        };
    }

    private void device(GPUAdapter adapter) {
        GPUSupportedLimits has = adapter.getLimits();
        if (has.getMaxStorageBuffersPerShaderStage() < FEWEST_BUFFERS
                || has.getMaxComputeInvocationsPerWorkgroup() < Shader.GROUP) {
            answer.failed(Reason.LIMITS, has.getMaxStorageBuffersPerShaderStage() + ", "
                    + has.getMaxComputeInvocationsPerWorkgroup());
            return;
        }
        GPURequiredLimits wanted = JSObjects.create();
        wanted.setMaxStorageBuffersPerShaderStage(has.getMaxStorageBuffersPerShaderStage());
        wanted.setMaxBufferSize(has.getMaxBufferSize());
        wanted.setMaxStorageBufferBindingSize(has.getMaxStorageBufferBindingSize());
        GPUDeviceDescriptor descriptor = JSObjects.create();
        descriptor.setRequiredLimits(wanted);
        adapter.requestDevice(descriptor).then(gpu -> {
            if (known != null) {
                answer.opened(new WebGpuDevice(gpu, known));
            } else {
                Calibration.measure(new WebGpuDevice(gpu, Tuning.FIRST), answer);
            }
            return null;
        }, refused(Reason.REFUSED));
    }
}
