package dev.backstep.engine.suite;

import java.util.ArrayList;
import java.util.List;

/** The checks that have to give the same answers on the JVM, as WebAssembly and as JavaScript. */
public final class Suite {
    private Suite() {
    }

    /** All cases, in a fixed order. */
    public static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        OpCases.add(cases);
        AutogradCases.add(cases);
        DocumentCases.add(cases);
        DataCases.add(cases);
        NetworkCases.add(cases);
        RunCases.add(cases);
        RandomCases.add(cases);
        return cases;
    }
}
