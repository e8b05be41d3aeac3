package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.backstep.engine.suite.Case;
import dev.backstep.engine.suite.Suite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine's suite gives the same answers in Chromium, as WebAssembly and as JavaScript, as on this JVM. */
class SuiteIT {
    private static final int ULPS = 2;

    private static SuiteBrowser browser;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = new SuiteBrowser(List.of());
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @TestFactory
    Stream<DynamicTest> asWebAssembly() {
        return compare("wasm.html");
    }

    @TestFactory
    Stream<DynamicTest> asJavaScript() {
        return compare("js.html");
    }

    /** Kernels made in the browser, in the browser: both builds carry numbers to them in their own way. */
    @ParameterizedTest
    @ValueSource(strings = {"wasm.html", "js.html"})
    void simdAgreesWithTheCpu(String address) {
        assertEquals("", in(address, page -> page.evaluate("() => suite.simd()")));
    }

    private Stream<DynamicTest> compare(String address) {
        var cases = Suite.cases();
        var answers = answers(address);
        assertEquals(cases.size(), answers.size(), "the browser's suite is not the JVM's: build web-client again");
        return IntStream.range(0, cases.size()).mapToObj(i ->
                DynamicTest.dynamicTest(cases.get(i).name(), () -> check(cases.get(i), answers.get(i))));
    }

    /** "name\nline of results" of each case, fetched in slices of about two seconds, so that the page stays alive. */
    @SuppressWarnings("unchecked")
    private List<String> answers(String address) {
        return in(address, page -> {
            var answers = new ArrayList<String>();
            int count = (int) page.evaluate("() => suite.count()");
            while (answers.size() < count) {
                answers.addAll((List<String>) page.evaluate("""
                        from => {
                          const answers = [];
                          const end = performance.now() + 2000;
                          for (let i = from; i < suite.count() && performance.now() < end; i++) {
                            let line;
                            try {
                              line = suite.run(i);
                            } catch (trap) { // as WebAssembly, a null pointer is no Java exception
                              line = "trapped " + trap;
                            }
                            answers.push(suite.name(i) + "\\n" + line);
                          }
                          return answers;
                        }""", answers.size()));
            }
            return answers;
        });
    }

    /** What is asked of a page that has loaded the suite. */
    private static <T> T in(String address, Function<Page, T> ask) {
        var complaints = new ArrayList<String>();
        try (var context = browser.visit()) {
            var page = context.newPage();
            page.onPageError(complaints::add);
            page.onConsoleMessage(message -> complaints.add(message.text()));
            browser.load(page, address);
            return ask.apply(page);
        } catch (RuntimeException e) {
            throw new AssertionError("the suite did not run in the browser; it said " + complaints, e);
        }
    }

    private static void check(Case test, String answer) {
        var expected = test.name() + "\n" + test.run();
        if (test.exact()) {
            assertEquals(expected, answer);
            return;
        }
        var want = expected.split("[ \n]");
        var have = answer.split("[ \n]");
        assertEquals(want.length, have.length, () -> expected + " | " + answer);
        for (int i = 0; i < want.length; i++) {
            if (!want[i].equals(have[i])) {
                long apart = ulpsApart(want[i], have[i]);
                assertTrue(apart <= ULPS, "value " + i + ": " + want[i] + " on the JVM, " + have[i] + " here: "
                        + apart + " ulp\n" + expected + "\n" + answer);
            }
        }
    }

    /** How far apart two numbers are that are written as bits: 16 hexadecimal digits a double, 8 a float. */
    private static long ulpsApart(String a, String b) {
        if (a.length() != b.length() || !a.matches("[0-9a-f]{8}|[0-9a-f]{16}") || !b.matches("[0-9a-f]+")) {
            throw new AssertionError(a + " on the JVM, " + b + " here");
        }
        if (a.length() == 8) {
            float x = Float.intBitsToFloat(Integer.parseUnsignedInt(a, 16));
            float y = Float.intBitsToFloat(Integer.parseUnsignedInt(b, 16));
            return Float.isNaN(x) && Float.isNaN(y) ? 0 : Math.abs((long) rank(x) - rank(y));
        }
        double x = Double.longBitsToDouble(Long.parseUnsignedLong(a, 16));
        double y = Double.longBitsToDouble(Long.parseUnsignedLong(b, 16));
        return Double.isNaN(x) && Double.isNaN(y) ? 0
                : rank(x) < 0 == rank(y) < 0 ? Math.abs(rank(x) - rank(y)) : Long.MAX_VALUE;
    }

    /** The place of a number in the order of all floats, so that neighbours differ by one. */
    private static int rank(float x) {
        int bits = Float.floatToRawIntBits(x);
        return bits < 0 ? Integer.MIN_VALUE - bits : bits;
    }

    private static long rank(double x) {
        long bits = Double.doubleToRawLongBits(x);
        return bits < 0 ? Long.MIN_VALUE - bits : bits;
    }
}
