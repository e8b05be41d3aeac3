package dev.backstep.web.app;

import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Notebook;
import dev.backstep.web.device.Opener;
import dev.backstep.web.gpu.Opening;
import dev.backstep.web.gpu.WebGpuDevice;
import dev.backstep.web.simd.SimdDevice;
import java.util.function.Function;

/** Which devices a browser may have, and how they are opened. */
final class DeviceOpeners {
    /** Under which name, and the adapter's, is kept what WebGPU found out about its device. */
    private static final String TUNING = "device.webgpu.tuning.";

    private DeviceOpeners() {
    }

    static void addAll(Devices devices, Notebook kept) {
        devices.add("simd", "cpu", (_, answer) -> simd(answer));
        devices.add("webgpu", "gpu", (asked, answer) -> webGpu(name -> tuning(kept, name), asked, new Opener.Answer() {
            @Override
            public void found(Device device, String detail) {
                kept.put(TUNING + detail, ((WebGpuDevice) device).calibration());
                answer.found(device, detail);
            }

            @Override
            public void missing(String reason, String detail) {
                answer.missing(reason, detail);
            }

            @Override
            public void lost(String detail) {
                answer.lost(detail);
            }
        }));
    }

    /** What WebGPU found out about the device of that adapter, or null. */
    static String tuning(Notebook kept, String adapter) {
        return kept.get(TUNING + adapter);
    }

    /**
     * Opens one; another name is missing.
     *
     * @param tuning what was found out about it another time, or null
     */
    static void open(String name, String tuning, Opener.Answer answer) {
        switch (name) {
            case "simd" -> simd(answer);
            case "webgpu" -> webGpu(_ -> tuning, true, answer);
            case "plain" -> answer.found(new CpuDevice(), "");
            default -> answer.missing("", "");
        }
    }

    private static void simd(Opener.Answer answer) {
        SimdDevice.Opened opened = SimdDevice.open();
        if (opened.device() != null) {
            answer.found(opened.device(), "");
        } else {
            answer.missing("NO_" + opened.missing().name(), "");
        }
    }

    private static void webGpu(Function<String, String> tuning, boolean software, Opener.Answer answer) {
        String[] adapter = {""};
        Opening.open(name -> {
            adapter[0] = name;
            return tuning.apply(name);
        }, software, new Opening.Answer() {
            @Override
            public void opened(WebGpuDevice device) {
                device.onLost(answer::lost);
                answer.found(device, adapter[0]);
            }

            @Override
            public void failed(Opening.Reason reason, String detail) {
                answer.missing(reason.name(), detail);
            }
        });
    }
}
