package dev.backstep.engine.backend.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.suite.Case;
import dev.backstep.engine.suite.Suite;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Computations over a device, placed or forced there: nobody may notice but by the clock. */
class PlacedBackendTest {
    /** A device that costs nothing, so that everything goes there by itself. */
    private static final Calibration FREE = new Calibration(0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final List<String> failures = new ArrayList<>();

    @AfterEach
    void back() {
        Backends.use(new CpuBackend());
    }

    private PlacedBackend over(FaultyDevice device) {
        PlacedBackend placed = new PlacedBackend(Tape::maker);
        placed.add(device, FREE, 1L << 30);
        placed.watch((name, failure, lost) -> failures.add(name + " " + failure.kind() + " " + lost));
        Backends.use(placed);
        return placed;
    }

    private PlacedBackend forcedTo(FaultyDevice device) {
        PlacedBackend placed = over(device);
        placed.force(_ -> device.name());
        return placed;
    }

    /** Every op on every sample with its derivatives, autograd, documents, data, layers, trainings. */
    @Test
    void everythingForcedThereGivesTheSameBits() {
        FaultyDevice device = new FaultyDevice();
        List<Case> cases = Suite.cases();
        List<String> expected = cases.stream().map(Case::run).toList();
        forcedTo(device);
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), cases.get(i).run(), cases.get(i).name());
        }
        assertTrue(device.runs() > 10_000, "computations on the device: " + device.runs());
        assertEquals(List.of(), failures);
    }

    @Test
    void faultsAtRandomCallsChangeNothing() {
        List<Case> cases = Suite.cases().stream().filter(c -> !c.name().endsWith("float64")).toList();
        List<String> expected = cases.stream().map(Case::run).toList();
        int faults = 0;
        for (int seed = 0; seed < cases.size(); seed++) {
            Set<DeviceException.Kind> kinds = seed % 2 == 0 ? EnumSet.allOf(DeviceException.Kind.class)
                    : EnumSet.of(DeviceException.Kind.OUT_OF_MEMORY, DeviceException.Kind.KERNEL);
            FaultyDevice device = new FaultyDevice(seed, 0.05, kinds, 100_000);
            forcedTo(device);
            assertEquals(expected.get(seed), cases.get(seed).run(), cases.get(seed).name());
            faults += device.faults();
        }
        assertTrue(faults > 500, "faults: " + faults);
    }

    @Test
    void whatOnlyALostDeviceHeldIsComputedAgain() {
        FaultyDevice device = new FaultyDevice();
        PlacedBackend placed = over(device);
        Tensor x = Tensor.of(numbers(3000), new int[] {3000}, DType.FLOAT32);
        Tensor y = x.mul(x).add(1.0);
        y.mul_(0.5);
        Tensor z = y.sub(x);
        Tensor old = z.copy();
        z.select(0, 7).fill_(9.0);
        assertTrue(device.runs() >= 6, "computations there: " + device.runs());
        device.lose();
        double[] expected = numbers(3000);
        for (int i = 0; i < expected.length; i++) {
            float x32 = (float) expected[i];
            expected[i] = (x32 * x32 + 1) * 0.5f - x32;
        }
        assertArrayEquals(expected, old.toDoubles());
        expected[7] = 9;
        assertArrayEquals(expected, z.toDoubles());
        assertEquals(List.of("faulty LOST true"), failures);
        assertEquals(0, placed.bytes("faulty"));
        assertEquals(2.0, Tensor.ones(new int[] {3000}, DType.FLOAT32).mul(2.0).toDoubles()[2999]);
    }

    @Test
    void moreThanFitsGoesHomeAndComesBack() {
        FaultyDevice device = new FaultyDevice(0, 0, Set.of(), 20_000);
        over(device);
        List<Tensor> kept = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            kept.add(Tensor.of(numbers(2000), new int[] {2000}, DType.FLOAT32).mul((double) i));
        }
        double[] x = numbers(2000);
        for (int i = 0; i < 40; i++) {
            assertEquals(x[11] * i + 1, kept.get(i).add(1.0).toDoubles()[11], 1e-6);
        }
        assertTrue(device.runs() >= 80, "computations there: " + device.runs());
        assertEquals(List.of(), failures);
    }

    @Test
    void memoryOfTensorsThatAreGoneIsFreed() {
        FaultyDevice device = new FaultyDevice();
        over(device);
        Tensor x = Tensor.of(numbers(2000), new int[] {2000}, DType.FLOAT32);
        for (int i = 0; i < 2000; i++) {
            x.mul(2.0);
            if (i % 100 == 0) {
                System.gc();
            }
        }
        assertTrue(device.memories() < 1000, "memories held: " + device.memories());
    }

    @Test
    void smallAndDoubleStayAtHome() {
        FaultyDevice device = new FaultyDevice();
        PlacedBackend placed = over(device);
        try (var _ = Tape.scope("box")) {
            Tensor.ones(new int[] {10}, DType.FLOAT32).mul(2.0).sum();
            assertNull(placed.ran("box"));
            Tensor.of(numbers(3000), new int[] {3000}, DType.FLOAT64).exp();
            assertNull(placed.ran("box"));
            assertEquals(0, device.runs());
            Tensor.of(numbers(3000), new int[] {3000}, DType.FLOAT32).exp();
            assertEquals(new PlacedBackend.Ran("faulty", PlacedBackend.Why.FASTEST), placed.ran("box"));
            assertEquals(1, device.runs());
        }
    }

    @Test
    void whatBeginsAnewRunsWhereItWouldHaveRunFirst() {
        FaultyDevice device = new FaultyDevice();
        PlacedBackend placed = over(device);
        Tensor.of(numbers(3000), new int[] {3000}, DType.FLOAT32).exp().sum();
        int runs = device.runs();
        placed.forget();
        try (var _ = Tape.scope("box")) {
            assertArrayEquals(new double[] {2, 4, 6}, Tensor.of(1, 2, 3).mul(Tensor.of(2, 2, 2)).toDoubles());
            assertNull(placed.ran("box"));
        }
        assertEquals(runs, device.runs());
    }

    @Test
    void aBoxRunsWhereItIsTold() {
        FaultyDevice device = new FaultyDevice();
        PlacedBackend placed = over(device);
        placed.force(box -> "here".equals(box) ? "cpu" : "there".equals(box) ? "faulty" : null);
        Tensor x = Tensor.of(numbers(3000), new int[] {3000}, DType.FLOAT32).requiresGrad(true);
        Tensor small = Tensor.of(1, 2, 3);
        try (var scope = Tape.scope("here")) {
            Tensor y = x.exp();
            assertEquals(new PlacedBackend.Ran("cpu", PlacedBackend.Why.FORCED), placed.ran("here"));
            scope.maker("there");
            assertArrayEquals(new double[] {2, 4, 6}, small.mul(Tensor.of(2, 2, 2)).toDoubles());
            assertEquals(new PlacedBackend.Ran("faulty", PlacedBackend.Why.FORCED), placed.ran("there"));
            scope.maker("elsewhere");
            int before = device.runs();
            Tensor sum = y.sum();
            placed.forget();
            sum.backward();
            assertEquals(PlacedBackend.Why.FORCED, placed.ran("here").why(), "a backward is its box's too");
            assertNotEquals(before, device.runs());
        }
    }

    @Test
    void aKernelThatIsRefusedIsNotTriedAgain() {
        FaultyDevice device = new FaultyDevice(1, 1, EnumSet.of(DeviceException.Kind.KERNEL), 1 << 20);
        over(device);
        Tensor x = Tensor.of(numbers(3000), new int[] {3000}, DType.FLOAT32);
        for (int i = 0; i < 3; i++) {
            assertEquals((float) Math.exp((float) numbers(3000)[5]), x.exp().toDoubles()[5]);
        }
        assertEquals(List.of("faulty KERNEL false"), failures);
    }

    @Test
    void aliasesShareMemoryAndCountByThemselves() {
        over(new FaultyDevice());
        Tensor x = Tensor.of(numbers(3000), new int[] {3000}, DType.FLOAT32);
        Tensor data = x.data();
        assertTrue(x.view().buffer().isSameMemory(data.view().buffer()));
        data.fill_(3.0);
        assertEquals(0, x.version());
        assertEquals(1, data.version());
        assertEquals(9000, x.sum().item());
        assertTrue(!x.view().buffer().isSameMemory(x.copy().view().buffer()));
    }

    @Test
    void integersThatAreTooLargeStayWhole() {
        forcedTo(new FaultyDevice());
        Tensor large = Tensor.of(new long[] {1L << 40, -3}, 2);
        assertArrayEquals(new long[] {1L << 40, -3}, large.copy().toLongs());
        assertEquals((double) (1L << 40), large.to(DType.FLOAT32).toDoubles()[0]);
    }

    private static double[] numbers(int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) ((i * 37 % 101 - 50) / 32.0);
        }
        return numbers;
    }
}
