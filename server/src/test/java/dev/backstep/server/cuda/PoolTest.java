package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory that is kept and given out again, on a driver that holds its users to the rules. */
class PoolTest {
    private FakeDriver driver;
    private Pool pool;

    @BeforeEach
    void open() {
        driver = new FakeDriver();
        driver.cuCtxSetCurrent();
        pool = new Pool(driver);
    }

    @Test
    void sizesWasteAFifthAtMostAndKeepElementsAligned() {
        for (long bytes = 2048; bytes < 1L << 33; bytes = bytes * 9 / 8 + 1) {
            long size = Pool.size(bytes);
            assertTrue(size >= bytes && size <= bytes * 1.25, bytes + " take " + size);
            assertEquals(0, size % 16);
        }
    }

    @Test
    void whatWasFreedIsGivenOutAgain() {
        long first = pool.allocate(1000);
        assertNotEquals(first, pool.allocate(1000));
        pool.free(first, 1000);
        assertEquals(first, pool.allocate(1010));
        assertEquals(2, driver.count("cuMemAlloc"));
        assertEquals(new Pool.Figures(2048, 2048, 2048), pool.figures());
    }

    @Test
    void whatIsKeptGoesBackWhereTheDeviceIsFull() {
        driver.room = 4096;
        long first = pool.allocate(2048);
        pool.free(first, 2048);
        pool.allocate(4096);
        assertEquals(1, driver.count("cuMemFree"));
        assertEquals(new Pool.Figures(4096, 4096, 4096), pool.figures());
        assertTrue(assertThrows(CudaException.class, () -> pool.allocate(512)).isOutOfMemory());
        assertEquals(new Pool.Figures(4096, 4096, 4096), pool.figures());
    }

    @Test
    void figuresHoldAfterAThousandRandomCalls() {
        Random random = new Random(7);
        driver.room = 1 << 20;
        List<long[]> held = new ArrayList<>();
        long used = 0;
        for (int i = 0; i < 1000; i++) {
            if (!held.isEmpty() && random.nextInt(5) < 2) {
                long[] one = held.remove(random.nextInt(held.size()));
                pool.free(one[0], one[1]);
                used -= Pool.size(one[1]);
            } else {
                long bytes = 1 + random.nextInt(60_000);
                try {
                    held.add(new long[] {pool.allocate(bytes), bytes});
                    used += Pool.size(bytes);
                } catch (CudaException full) {
                    assertTrue(full.isOutOfMemory());
                }
            }
            assertEquals(used, pool.figures().used());
            assertTrue(pool.figures().held() <= driver.room);
        }
        assertEquals(held.size(), held.stream().mapToLong(one -> one[0]).distinct().count(), "memory given out twice");
        held.forEach(one -> pool.free(one[0], one[1]));
        pool.giveBack();
        assertEquals(0, driver.memories());
        assertEquals(0, pool.figures().held());
    }
}
