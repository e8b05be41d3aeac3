package dev.backstep.server.cuda;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.engine.backend.device.SelfTest;
import dev.backstep.engine.suite.Case;
import dev.backstep.engine.suite.Suite;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.server.SuiteAnswers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether a device answers as the CPU does. It knows no JUnit, because a machine with a GPU may have none. */
final class CudaChecks {
    private static final long BUDGET = 1L << 30;

    private CudaChecks() {
    }

    /** The kernels that all these checks ask for, of a device that computes nothing. @param works how many random works */
    static List<String> texts(FakeDriver driver, int works) {
        CudaDevice device = new CudaDevice(driver, null, false);
        selfTest(device);
        fuzz(device, works);
        ops(device);
        return List.copyOf(driver.sources);
    }

    /** What fails of the engine's own test of devices. */
    static Set<String> selfTest(Device device) {
        SelfTest test = new SelfTest(device);
        while (test.step()) {
            continue;
        }
        return test.lost() == null ? test.failed() : Set.of(test.lost().getMessage());
    }

    /** What differs of so many random works. */
    static List<String> fuzz(Device device, int works) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < works; i++) {
            String difference = RandomWorks.difference(device, i);
            if (difference != null) {
                wrong.add(difference);
            }
        }
        return wrong;
    }

    /** What every op answers differently to every sample, first and second derivatives too. */
    static List<String> ops(Device device) {
        List<String> wrong = new ArrayList<>();
        PlacedBackend there = new PlacedBackend(Tape::maker);
        there.add(device, Calibration.CPU, BUDGET);
        there.force(_ -> device.name());
        there.watch((_, failure, _) -> wrong.add("the device: " + failure.getMessage()));
        Backend before = Backends.current();
        for (Case test : Suite.cases()) {
            if (test.name().endsWith(" float32")) {
                String answer;
                try {
                    Backends.use(there);
                    answer = test.run();
                } catch (RuntimeException refused) {
                    // Numbers that are wrong may be refused further on.
                    answer = refused.toString();
                } finally {
                    Backends.use(before);
                }
                String difference = SuiteAnswers.difference(test, answer);
                if (difference != null) {
                    wrong.add(test.name() + ": " + difference);
                }
            }
        }
        return wrong;
    }
}
