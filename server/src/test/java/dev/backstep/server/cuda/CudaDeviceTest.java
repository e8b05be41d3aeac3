package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.DeviceException.Kind;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of the driver, and what becomes of its refusals; kernels are not run. */
class CudaDeviceTest {
    private static final int SIZE = 100;

    private FakeDriver driver;
    private CudaDevice device;

    @BeforeEach
    void open() {
        driver = new FakeDriver();
        device = new CudaDevice(driver, null, false);
    }

    private static Operand row(int slot) {
        return new Operand(slot, DType.FLOAT32, new int[] {SIZE}, new int[] {1}, 0);
    }

    /** Three formulas and a product of matrices; the formulas read a number. */
    private static List<Work> works() {
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            works.add(new Work.Pointwise(List.of(Expr.arg(0).times(Expr.param("rate")).plus(Expr.of(i))),
                    List.of(row(0)), List.of(row(1)), List.of("rate"), 0));
        }
        Operand square = new Operand(1, DType.FLOAT32, new int[] {1, 10, 10}, new int[] {100, 10, 1}, 0);
        works.add(new Work.Run(Kernel.MATMUL, List.of(new Operand(0, DType.FLOAT32, new int[] {1, 10, 10},
                new int[] {100, 10, 1}, 0)), List.of(square, square)));
        return works;
    }

    private Executable prepare() {
        return device.prepare(works(), List.of(new Slot(DType.FLOAT32, SIZE), new Slot(DType.FLOAT32, SIZE)));
    }

    private Memory[] memories() {
        return new Memory[] {device.allocate(DType.FLOAT32, SIZE), device.allocate(DType.FLOAT32, SIZE)};
    }

    // Running

    @Test
    void onTheSameMemoriesOneCallLaunchesAll() {
        Executable executable = prepare();
        Memory[] memories = memories();
        for (int i = 0; i < 5; i++) {
            executable.run(memories, new double[] {0.5});
        }
        assertEquals(6, driver.count("cuLaunchKernel"), "launched once, captured once");
        assertEquals(1, driver.count("cuStreamBeginCapture"));
        assertEquals(4, driver.count("cuGraphLaunch"));
        assertEquals(1, driver.count("cuMemcpyHtoDAsync"), "numbers that stay are sent once");
        executable.run(memories, new double[] {0.25});
        assertEquals(2, driver.count("cuMemcpyHtoDAsync"));
        assertEquals(1, driver.count("cuStreamBeginCapture"), "other numbers need no other graph");
        driver.calls.clear();
        executable.run(memories, new double[] {0.25});
        assertEquals(List.of("cuGraphLaunch"), driver.calls);
    }

    @Test
    void otherMemoriesNeedAnotherGraph() {
        Executable executable = prepare();
        Memory[] memories = memories();
        executable.run(memories, new double[1]);
        executable.run(memories, new double[1]);
        assertEquals(1, driver.graphs());
        executable.run(memories(), new double[1]);
        assertEquals(0, driver.graphs(), "the old one is of no use");
        executable.close();
    }

    @Test
    void graphsAreBoundedAndGoWithTheirExecutable() {
        List<Executable> all = new ArrayList<>();
        Memory[] memories = memories();
        for (int i = 0; i < 80; i++) {
            all.add(prepare());
            all.getLast().run(memories, new double[1]);
            all.getLast().run(memories, new double[1]);
        }
        assertEquals(64, driver.graphs());
        all.getFirst().run(memories, new double[1]);
        assertEquals(64, driver.graphs());
        all.forEach(Executable::close);
        assertEquals(0, driver.graphs());
        assertEquals(2L * Pool.size(4 * SIZE), device.memory().used());
    }

    @Test
    void whatCannotBeCapturedIsLaunched() {
        for (String call : List.of("cuStreamBeginCapture", "cuStreamEndCapture", "cuGraphInstantiate")) {
            open();
            driver.fail(call, 0, call.equals("cuGraphInstantiate") ? CudaException.OUT_OF_MEMORY : 900);
            Executable executable = prepare();
            Memory[] memories = memories();
            for (int i = 0; i < 4; i++) {
                executable.run(memories, new double[1]);
            }
            assertEquals(1, driver.count(call), "tried once");
            assertEquals(0, driver.count("cuGraphLaunch"));
            assertTrue(driver.count("cuLaunchKernel") >= 12, call);
        }
    }

    @Test
    void singleWorksGoWithoutGraphs() {
        Executable executable = device.prepare(works().subList(0, 1),
                List.of(new Slot(DType.FLOAT32, SIZE), new Slot(DType.FLOAT32, SIZE)));
        Memory[] memories = memories();
        for (int i = 0; i < 4; i++) {
            executable.run(memories, new double[1]);
        }
        assertEquals(0, driver.count("cuStreamBeginCapture"));
    }

    // Moving numbers

    @Test
    void numbersComeBackAsTheyWere() {
        float[] values = new float[3_000_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Memory memory = device.allocate(DType.FLOAT32, values.length);
        float[] back = new float[values.length];
        device.read(memory, back);
        assertArrayEquals(new float[values.length], back, "zeros at first");
        for (int i = 0; i < 5; i++) {
            device.write(memory, values);
            device.read(memory, back);
            assertArrayEquals(values, back);
        }
        assertTrue(driver.count("cuEventSynchronize") > 0, "the ring was used again");
        Memory ints = device.allocate(DType.INT64, 4);
        device.write(ints, new int[] {1, -2, 3});
        int[] four = new int[4];
        device.read(ints, four);
        assertArrayEquals(new int[] {1, -2, 3, 0}, four);
    }

    @Test
    void readingLaterDoesNotWait() {
        Memory memory = device.allocate(DType.FLOAT32, 3);
        device.write(memory, new float[] {1, 2, 3});
        driver.calls.clear();
        Pending first = device.readLater(memory);
        device.write(memory, new float[] {4, 5, 6});
        Pending second = device.readLater(memory);
        assertEquals(0, driver.count("cuStreamSynchronize") + driver.count("cuEventSynchronize"));
        assertFalse(first.isReady());
        assertTrue(first.isReady());
        assertArrayEquals(new float[] {1, 2, 3}, first.floats());
        assertArrayEquals(new float[] {4, 5, 6}, second.floats());
        for (int i = 0; i < 100; i++) {
            device.readLater(memory).floats();
        }
        assertTrue(driver.count("cuMemHostAlloc") <= 2, "memory of the host is used again");
    }

    @Test
    void muchMemoryIsReadAtOnce() {
        Memory memory = device.allocate(DType.FLOAT32, (int) (Later.MOST / 4) + 1);
        assertTrue(device.readLater(memory).isReady());
    }

    @Test
    void threadsShareIt() throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            float mine = t;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    Memory memory = device.allocate(DType.FLOAT32, SIZE);
                    for (int i = 0; i < 200; i++) {
                        float[] values = new float[SIZE];
                        Arrays.fill(values, mine + i);
                        device.write(memory, values);
                        device.read(memory, values);
                        assertEquals(mine + i, values[SIZE - 1]);
                    }
                } catch (RuntimeException | AssertionError failed) {
                    synchronized (failures) {
                        failures.add(failed);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }

    // Failing

    /** All that a step of a training asks. */
    private void everything() {
        Memory[] memories = memories();
        Executable executable = prepare();
        float[] values = new float[SIZE];
        for (int i = 0; i < 3; i++) {
            device.write(memories[1], values);
            executable.run(memories, new double[] {i});
            device.read(memories[0], values);
            Pending later = device.readLater(memories[0]);
            while (!later.isReady()) {
                continue;
            }
            later.floats();
        }
        executable.close();
        device.free(memories[0]);
        device.free(memories[1]);
    }

    @Test
    void whicheverCallFailsForGoodTheDeviceIsLost() {
        everything();
        Set<String> calls = new LinkedHashSet<>(driver.calls);
        assertTrue(calls.size() > 15, calls::toString);
        for (String call : calls) {
            driver = new FakeDriver();
            // CUDA_ERROR_ILLEGAL_ADDRESS
            driver.fail(call, call.equals("cuMemcpyHtoDAsync") ? 2 : 0, 700);
            DeviceException failed = assertThrows(DeviceException.class, () -> {
                device = new CudaDevice(driver, null, false);
                everything();
            }, call);
            assertEquals(Kind.LOST, failed.kind(), call);
        }
    }

    @Test
    void aLostDeviceStaysLostAndIsNotAskedAnyMore() {
        Memory memory = device.allocate(DType.FLOAT32, SIZE);
        Executable executable = prepare();
        driver.fail("cuStreamSynchronize", 0, 719);
        assertEquals(Kind.LOST, assertThrows(DeviceException.class, () -> device.read(memory, new float[1])).kind());
        driver.heal();
        driver.calls.clear();
        assertEquals(Kind.LOST, assertThrows(DeviceException.class, () -> device.allocate(DType.FLOAT32, 1)).kind());
        device.free(memory);
        executable.close();
        assertEquals(List.of(), driver.calls);
    }

    @Test
    void outOfMemoryLeavesTheDeviceUsable() {
        driver.room = 1 << 20;
        DeviceException full = assertThrows(DeviceException.class, () -> device.allocate(DType.FLOAT32, 1 << 20));
        assertEquals(Kind.OUT_OF_MEMORY, full.kind());
        everything();
    }

    @Test
    void aKernelThatIsRefusedLeavesTheDeviceUsable() {
        driver.fail("nvrtcCompileProgram", 0, CudaException.REFUSED);
        assertEquals(Kind.KERNEL, assertThrows(DeviceException.class, this::prepare).kind());
        driver.heal();
        everything();
    }

    @Test
    void float64IsLeftToTheCpu() {
        Operand wide = new Operand(0, DType.FLOAT64, new int[] {1}, new int[] {1}, 0);
        assertFalse(device.takes(new Work.Run(Kernel.COPY, List.of(wide), List.of(row(1)))));
        assertTrue(device.takes(works().getFirst()));
    }

    @Test
    void roundedFactorsAreSaidToBeRounded() {
        assertTrue(new CudaDevice(driver, null, true).tolerance() > 100 * device.tolerance());
    }
}
