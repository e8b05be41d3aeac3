package dev.backstep.server.cuda;

import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.Calibrator;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.SelfTest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This machine's device of CUDA's, or why there is none. It is opened, tested and measured on a thread of its own, so
 * that a server need not wait for the compiler.
 */
public final class Cuda {
    private static final Logger LOG = LoggerFactory.getLogger("backstep.cuda");

    private final boolean tf32;
    private volatile Driver.Card card;
    private volatile CudaDevice opened;
    private volatile Device tested;
    private volatile Calibration speed;
    private volatile String reason = "It is being opened and tested.";
    private final CountDownLatch known = new CountDownLatch(1);

    /** Who has the driver. */
    interface Opener {
        /** @throws Missing where there is none */
        Driver open() throws Missing;
    }

    private Cuda(boolean tf32) {
        this.tf32 = tf32;
    }

    /** None, for that reason. */
    public static Cuda off(String reason) {
        Cuda none = new Cuda(false);
        none.reason = reason;
        none.known.countDown();
        return none;
    }

    /**
     * Looks for the device.
     *
     * @param folder where compiled kernels are kept
     * @param tf32 whether products of matrices may round their factors to 10 bits
     */
    public static Cuda open(Path folder, boolean tf32) {
        return open(NativeDriver::open, folder, tf32);
    }

    static Cuda open(Opener opener, Path folder, boolean tf32) {
        Cuda cuda = new Cuda(tf32);
        Thread.ofPlatform().daemon().name("cuda").start(() -> cuda.begin(opener, folder));
        return cuda;
    }

    private void begin(Opener opener, Path folder) {
        try {
            Driver driver = opener.open();
            card = driver.card();
            opened = new CudaDevice(driver, folder, tf32);
            test();
        } catch (Missing | DeviceException none) {
            reason = none.getMessage();
        } catch (RuntimeException | LinkageError broken) {
            reason = "It cannot be used: " + broken;
        } finally {
            known.countDown();
        }
        LOG.atInfo().addKeyValue("device", card == null ? "none" : card.name()).addKeyValue("reason", reason)
                .log(tested == null ? "no CUDA" : "CUDA");
    }

    private void test() {
        SelfTest test = new SelfTest(opened);
        while (test.step()) {
            Thread.onSpinWait();
        }
        if (test.lost() != null) {
            throw test.lost();
        }
        Calibrator measuring = Calibrator.of(opened, System::nanoTime);
        while (measuring.step()) {
            Thread.onSpinWait();
        }
        speed = measuring.result();
        Set<String> failed = test.failed();
        tested = SelfTest.without(opened, failed);
        reason = failed.isEmpty() ? null : "The CPU does what failed its test: " + String.join(", ", failed) + ".";
    }

    /** Waits until it is known whether it can be used. */
    public void await() throws InterruptedException {
        known.await();
    }

    /** How fast it is, once it can be used; null before. */
    public Calibration speed() {
        return speed;
    }

    /** The device, as long as it can be used. */
    public Optional<Device> device() {
        return opened != null && opened.lost() != null ? Optional.empty() : Optional.ofNullable(tested);
    }

    /** Why it cannot be used, or what of it is not used; null where there is nothing to say. */
    public String reason() {
        return opened != null && opened.lost() != null ? "It was lost: " + opened.lost() : reason;
    }

    /** What the device is, or null where there is none. */
    public Facts facts() {
        Driver.Card known = card;
        if (known == null) {
            return null;
        }
        CudaDevice device = opened;
        return new Facts(known.name(), known.major() + "." + known.minor(), known.memory(),
                device == null ? 0 : device.memory().held(), known.driver() / 1000 + "." + known.driver() % 1000 / 10,
                tf32 ? "tf32" : "float32");
    }

    /**
     * What a device is.
     *
     * @param capability the compute capability, such as {@code 9.0}
     * @param memory in bytes, {@code held} of them by this process
     * @param driver the newest CUDA that its driver knows
     * @param products how products of matrices take their factors: {@code float32} or {@code tf32}
     */
    public record Facts(String model, String capability, long memory, long held, String driver, String products) {
    }
}
