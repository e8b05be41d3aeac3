package dev.backstep.web.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.web.gpu.Opening;
import dev.backstep.web.gpu.WebGpuDevice;
import java.util.List;

/** Runs the checks of a device in a browser: a page starts one, waits for its numbers, and asks for the verdict. */
final class GpuMain {
    private static WebGpuDevice device;
    private static String state = "opening";
    private static List<GpuChecks.Check> checks = List.of();
    private static List<Trial> trials = List.of();

    private GpuMain() {}

    static void open(String calibration) {
        state = "opening";
        Opening.open(calibration, new Opening.Answer() {
            @Override
            public void opened(WebGpuDevice opened) {
                device = opened;
                checks = GpuChecks.of(opened);
                state = "open";
            }

            @Override
            public void failed(Opening.Reason reason, String detail) {
                state = reason + " " + detail;
            }
        });
    }

    static WebGpuDevice device() {
        return device;
    }

    static String state() {
        return state;
    }

    static String calibration() {
        return device.calibration();
    }

    static int count() {
        return checks.size();
    }

    static String name(int i) {
        return checks.get(i).name();
    }

    /** Begins a check; what it throws is the answer, else empty. */
    static String start(int i) {
        trials = List.of();
        try {
            trials = checks.get(i).start().get();
            return "";
        } catch (DeviceException e) {
            return e.kind() + " " + e.getMessage();
        }
    }

    static boolean isReady() {
        for (Trial trial : trials) {
            if (!trial.isReady()) {
                return false;
            }
        }
        return true;
    }

    static String verdict() {
        StringBuilder wrong = new StringBuilder();
        for (int i = 0; i < trials.size(); i++) {
            try {
                String verdict = trials.get(i).verdict(device);
                if (!verdict.isEmpty()) {
                    wrong.append("trial ").append(i).append(": ").append(verdict).append('\n');
                }
            } catch (DeviceException e) {
                wrong.append(e.kind()).append(' ').append(e.getMessage()).append('\n');
            }
        }
        return wrong.toString();
    }

    static void destroy() {
        device.destroy();
    }

    static String allocate(int size) {
        try {
            device.free(device.allocate(DType.FLOAT32, size));
            return "";
        } catch (DeviceException e) {
            return e.kind() + " " + e.getMessage();
        }
    }
}
