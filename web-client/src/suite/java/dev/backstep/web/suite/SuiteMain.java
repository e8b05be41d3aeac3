package dev.backstep.web.suite;

import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.engine.suite.Case;
import dev.backstep.engine.suite.Suite;
import dev.backstep.engine.suite.fuzz.FuzzRecording;
import dev.backstep.engine.suite.fuzz.FuzzReplay;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.web.simd.SimdDevice;
import java.util.List;
import org.teavm.jso.JSExport;

/** Runs the engine's suite in a browser: a page asks for the cases one by one, so that it stays alive between them. */
public final class SuiteMain {
    private static final List<Case> CASES = Suite.cases();

    private static String failures = "";
    private static CountedDevice counted;

    private SuiteMain() {}

    public static void main(String[] args) {
        Autograd.singleThreaded();
    }

    /** How many cases there are. */
    @JSExport
    public static int count() {
        return CASES.size();
    }

    /** The name of case {@code i}. */
    @JSExport
    public static String name(int i) {
        return CASES.get(i).name();
    }

    /** The line of results of case {@code i}, or what it threw, after "threw ". */
    @JSExport
    public static String run(int i) {
        try {
            return CASES.get(i).run();
        } catch (Throwable thrown) {
            return "threw " + thrown;
        }
    }

    /**
     * Runs a random program that LibTorch ran: what differs, or empty.
     *
     * @param recording as {@link FuzzRecording#text} wrote it
     */
    @JSExport
    public static String replay(String recording) {
        try {
            String difference = FuzzReplay.difference(FuzzRecording.of(recording));
            return difference == null ? "" : difference;
        } catch (Throwable thrown) {
            return "threw " + thrown;
        }
    }

    /** How many computations the device in use has done. */
    @JSExport
    public static int runs() {
        return counted.runs();
    }

    /** Has the cases run on a device alone: {@code cpu}, {@code simd}, or {@code webgpu} once that is open. */
    @JSExport
    public static void use(String name) {
        Device device = switch (name) {
            case "simd" -> SimdDevice.open().device();
            case "webgpu" -> GpuMain.device();
            default -> null;
        };
        if (device == null) {
            Backends.use(new CpuBackend());
            return;
        }
        PlacedBackend placed = new PlacedBackend(Tape::maker);
        counted = new CountedDevice(device);
        placed.add(counted, Calibration.CPU, 1L << 28);
        placed.force(_ -> name);
        failures = "";
        placed.watch((failing, failure, lost) -> failures += failure.getMessage() + "\n");
        Backends.use(placed);
    }

    /** What the device in use could not do, a line each. */
    @JSExport
    public static String failures() {
        return failures;
    }

    /** What is wrong with the SIMD device, a line each. */
    @JSExport
    public static String simd() {
        return SimdSuite.check();
    }

    /** Asks for the graphics processor, of which that is known; {@link #gpuState} says what came of it. */
    @JSExport
    public static void gpuOpen(String calibration) {
        GpuMain.open(calibration);
    }

    /** {@code opening}, {@code open}, or why there is none. */
    @JSExport
    public static String gpuState() {
        return GpuMain.state();
    }

    /** What suits the open one. */
    @JSExport
    public static String gpuCalibration() {
        return GpuMain.calibration();
    }

    /** How many checks of the graphics processor there are. */
    @JSExport
    public static int gpuCount() {
        return GpuMain.count();
    }

    @JSExport
    public static String gpuName(int i) {
        return GpuMain.name(i);
    }

    /** Begins check {@code i}; what went wrong, or empty. */
    @JSExport
    public static String gpuStart(int i) {
        return GpuMain.start(i);
    }

    /** Whether the numbers of the check have come. */
    @JSExport
    public static boolean gpuReady() {
        return GpuMain.isReady();
    }

    /** What is wrong with them, or empty. */
    @JSExport
    public static String gpuVerdict() {
        return GpuMain.verdict();
    }

    /** Does a little of the self-test that the page gives a device; false once it is done. */
    @JSExport
    public static boolean gpuTest() {
        return GpuMain.test();
    }

    /** What failed it; empty where nothing did. */
    @JSExport
    public static String gpuFailed() {
        return GpuMain.failed();
    }

    /** Has products of two n x n matrices computed, so many, without reading them; what went wrong, or empty. */
    @JSExport
    public static String gpuProducts(int n, int times) {
        return GpuMain.products(n, times);
    }

    /** Gives the graphics processor back while it is in use. */
    @JSExport
    public static void gpuDestroy() {
        GpuMain.destroy();
    }

    /** Asks for memory; what went wrong, or empty. */
    @JSExport
    public static String gpuAllocate(int size) {
        return GpuMain.allocate(size);
    }
}
