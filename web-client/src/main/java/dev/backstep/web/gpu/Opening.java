package dev.backstep.web.gpu;

import dev.backstep.web.jso.webgpu.GPU;
import dev.backstep.web.jso.webgpu.GPUAdapter;
import dev.backstep.web.jso.webgpu.GPUAdapterInfo;
import dev.backstep.web.jso.webgpu.GPUDeviceDescriptor;
import dev.backstep.web.jso.webgpu.GPURequestAdapterOptions;
import dev.backstep.web.jso.webgpu.GPURequiredLimits;
import dev.backstep.web.jso.webgpu.GPUSupportedLimits;
import dev.backstep.web.jso.webgpu.NavigatorGPU;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.core.JSString;
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
        /** There is only a program in its place, which was not asked for. */
        SOFTWARE,
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

    private static final Pattern SOFTWARE = Pattern.compile("swiftshader|llvmpipe|lavapipe|basic render|software");

    private final Answer answer;
    private final boolean software;
    private final Function<String, String> calibration;
    private Tuning known;

    private Opening(Function<String, String> calibration, boolean software, Answer answer) {
        this.calibration = calibration;
        this.software = software;
        this.answer = answer;
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
        open(_ -> calibration, true, answer);
    }

    /**
     * Answers once, some time later.
     *
     * @param calibration the same, by what the adapter calls itself; null where it is to be measured
     * @param software whether a program in the place of a processor will do
     */
    public static void open(Function<String, String> calibration, boolean software, Answer answer) {
        new Opening(calibration, software, answer).adapter();
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
                return null;
            }
            String name = name(adapter);
            if (!software && isSoftware(adapter, name)) {
                answer.failed(Reason.SOFTWARE, name);
            } else {
                known = Tuning.of(calibration.apply(name));
                device(adapter);
            }
            return null;
        }, refused(Reason.NO_ADAPTER));
    }

    /** All that the adapter tells of itself. */
    private static String name(GPUAdapter adapter) {
        GPUAdapterInfo info = adapter.getInfo();
        return info == null || JSObjects.isUndefined(info) ? "" : Stream.of(info.getVendor(), info.getArchitecture(),
                info.getDevice(), info.getDescription()).filter(word -> word != null && !word.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static boolean isSoftware(GPUAdapter adapter, String name) {
        GPUAdapterInfo info = adapter.getInfo();
        return info != null && !JSObjects.isUndefined(info) && info.isFallbackAdapter()
                || SOFTWARE.matcher(name.toLowerCase()).find();
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
        if (adapter.getFeatures().has(WebGpuDevice.SUBGROUPS)) {
            descriptor.setRequiredFeatures(JSArray.of(JSString.valueOf(WebGpuDevice.SUBGROUPS)));
        }
        adapter.requestDevice(descriptor).then(gpu -> {
            WebGpuDevice device = new WebGpuDevice(gpu);
            // What was kept may be of a browser that had more.
            if (known != null && (!known.usesSubgroups() || device.hasSubgroups())) {
                device.tune(known);
                answer.opened(device);
            } else {
                Calibration.measure(device, answer);
            }
            return null;
        }, refused(Reason.REFUSED));
    }
}
