package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AheadTest {
    private static final long MILLI = 1_000_000;

    private final Ahead ahead = new Ahead();

    @Test
    void beginsWithTwo() {
        assertEquals(2, ahead.most());
        ahead.answered(5, 100 * MILLI);
        assertEquals(2, ahead.most());
    }

    @Test
    void takesAsManyAsAreDoneInFiftyMilliseconds() {
        ahead.answered(0, 0);
        ahead.answered(4, 8 * MILLI);
        assertEquals(25, ahead.most());
        // Asked again before more has come: that says nothing.
        ahead.answered(4, 9 * MILLI);
        assertEquals(25, ahead.most());
    }

    @Test
    void keepsTwoOfThoseThatTakeLong() {
        ahead.answered(0, 0);
        ahead.answered(1, 300 * MILLI);
        assertEquals(2, ahead.most());
    }

    @Test
    void doesNotCountRests() {
        ahead.answered(0, 0);
        ahead.answered(10, 10 * MILLI);
        ahead.rest();
        ahead.answered(10, 60_000 * MILLI);
        ahead.answered(20, 60_010 * MILLI);
        assertEquals(50, ahead.most());
    }

    @Test
    void goesBackWithTheRun() {
        ahead.answered(10, 0);
        ahead.answered(3, 5 * MILLI);
        ahead.answered(8, 10 * MILLI);
        assertEquals(50, ahead.most());
    }
}
