package dev.backstep.web.app;

import dev.backstep.web.device.Devices;
import dev.backstep.web.simd.SimdDevice;

/** Which devices a browser may have, and how they are opened. */
final class DeviceOpeners {
    private DeviceOpeners() {
    }

    static void addAll(Devices devices) {
        devices.add("simd", "cpu", answer -> {
            SimdDevice.Opened opened = SimdDevice.open();
            if (opened.device() != null) {
                answer.found(opened.device(), "");
            } else {
                answer.missing("NO_" + opened.missing().name(), "");
            }
        });
    }
}
