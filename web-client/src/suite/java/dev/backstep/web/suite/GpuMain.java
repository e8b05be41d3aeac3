package dev.backstep.web.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.SelfTest;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.web.gpu.Opening;
import dev.backstep.web.gpu.WebGpuDevice;
import java.util.ArrayList;
import java.util.List;

/** Runs the checks of a device in a browser: a page starts one, waits for its numbers, and asks for the verdict. */
final class GpuMain {
    private static WebGpuDevice device;
    private static String state = "opening";
    private static List<GpuChecks.Check> checks = List.of();
    private static List<Trial> trials = List.of();
    private static SelfTest test;

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
        } catch (IllegalStateException e) {
            return e.getMessage();
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

    static boolean test() {
        test = test == null ? new SelfTest(device) : test;
        return test.step();
    }

    static String failed() {
        return (test.lost() == null ? "" : "LOST " + test.lost().getMessage() + " ") + String.join(" ", test.failed());
    }

    static String products(int n, int times) {
        int[] shape = {1, n, n};
        try {
            Memory[] memories = new Memory[3];
            List<Device.Slot> slots = new ArrayList<>();
            Operand[] operands = new Operand[3];
            for (int i = 0; i < 3; i++) {
                memories[i] = device.allocate(DType.FLOAT32, n * n);
                slots.add(new Device.Slot(DType.FLOAT32, n * n));
                operands[i] = new Operand(i, DType.FLOAT32, shape, View.rowMajor(shape), 0);
            }
            Executable product = device.prepare(List.of(new Work.Run(Kernel.MATMUL, List.of(operands[0]),
                    List.of(operands[1], operands[2]))), slots);
            for (int i = 0; i < times; i++) {
                product.run(memories, new double[0]);
            }
            device.submit();
            product.close();
            for (Memory memory : memories) {
                device.free(memory);
            }
            return "";
        } catch (DeviceException e) {
            return e.kind() + " " + e.getMessage();
        }
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
