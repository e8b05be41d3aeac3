package dev.backstep.engine.suite;

import java.util.List;

/** The checks that have to give the same answers on the JVM, as WebAssembly and as JavaScript. */
public final class Suite {
    private Suite() {}

    /** All cases, in a fixed order. */
    public static List<Case> cases() {
        return List.of(new Case("thirds", true, () -> hex(1.0 / 3) + " " + hex(2.0 / 3)));
    }

    /** The bits of a double as 16 hexadecimal digits, which survive every way of printing. */
    static String hex(double value) {
        var digits = Long.toHexString(Double.doubleToRawLongBits(value));
        return "0".repeat(16 - digits.length()) + digits;
    }
}
