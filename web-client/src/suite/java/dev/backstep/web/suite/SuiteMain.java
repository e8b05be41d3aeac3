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
}
