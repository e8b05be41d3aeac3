package dev.backstep.engine.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words that were made elsewhere, beside those that the twister gives out itself. */
class MersenneTwisterTest {
    private final MersenneTwister one = new MersenneTwister();
    private final MersenneTwister other = new MersenneTwister();

    @BeforeEach
    void start() {
        one.seed(42);
        other.seed(42);
    }

    @Test
    void theTenThousandthWordIsThatOfTheStandard() {
        // C++ says so of std::mt19937, whose seed is 5489.
        one.seed(5489);
        one.skip(9_999);
        assertEquals(4_123_659_995L, one.next() & 0xffffffffL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300, 623, 624, 625, 1247, 1248, 1249, 100_000})
    void skippedWordsAreGivenOutAsOthersAre(int count) {
        for (int before : new int[] {0, 1, 400, 624}) {
            start();
            for (int i = 0; i < before; i++) {
                assertEquals(one.next(), other.next());
            }
            for (int i = 0; i < count; i++) {
                one.next();
            }
            other.skip(count / 3);
            other.skip(count - count / 3);
            MersenneTwister copy = new MersenneTwister();
            copy.set(other);
            assertTrue(copy.isAt(other));
            assertArrayEquals(one.words(), other.words());
            assertEquals(one.given(), other.given());
            for (int i = 0; i < 700; i++) {
                int word = one.next();
                assertEquals(word, other.next());
                assertEquals(word, copy.next());
            }
            assertFalse(copy.isAt(new MersenneTwister()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 227, 500, 623, 624, 5000})
    void theWordsAheadAreTheNextOnes(int given) {
        one.skip(given);
        int[] ahead = one.ahead();
        assertEquals(MersenneTwister.SIZE, ahead.length);
        for (int word : ahead) {
            assertEquals(one.next(), MersenneTwister.temper(word));
        }
    }
}
