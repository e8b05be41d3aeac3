package dev.backstep.web.app;

import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Opener;
import dev.backstep.web.gpu.Opening;
import dev.backstep.web.gpu.WebGpuDevice;
import dev.backstep.web.simd.SimdDevice;

/** Which devices a browser may have, and how they are opened. */
final class DeviceOpeners {
    private DeviceOpeners() {
    }

    static void addAll(Devices devices) {
        devices.add("simd", "cpu", DeviceOpeners::simd);
        devices.add("webgpu", "gpu", DeviceOpeners::webGpu);
    }

    /** Opens one; another name is missing. */
    static void open(String name, Opener.Answer answer) {
        switch (name) {
            case "simd" -> simd(answer);
            case "webgpu" -> webGpu(answer);
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

    private static void webGpu(Opener.Answer answer) {
        Opening.open(new Opening.Answer() {
            @Override
            public void opened(WebGpuDevice device) {
                answer.found(device, "");
            }

            @Override
            public void failed(Opening.Reason reason, String detail) {
                answer.missing(reason.name(), detail);
            }
        });
    }
}
