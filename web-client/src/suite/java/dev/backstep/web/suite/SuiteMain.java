package dev.backstep.web.suite;

import dev.backstep.engine.suite.Case;
import dev.backstep.engine.suite.Suite;
import dev.backstep.engine.tensor.Autograd;
import java.util.List;
import org.teavm.jso.JSExport;

/** Runs the engine's suite in a browser: a page asks for the cases one by one, so that it stays alive between them. */
public final class SuiteMain {
    private static final List<Case> CASES = Suite.cases();

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
