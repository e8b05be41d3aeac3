package dev.backstep.engine.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The self-test of devices finds what is wrong, and nothing else. */
class SelfTestTest {
    private static SelfTest run(Device device) {
        SelfTest test = new SelfTest(device);
        int steps = 0;
        while (test.step()) {
            assertTrue(++steps < 1000, "the self-test ends");
        }
        return test;
    }

    @Test
    void theCpuPasses() {
        FaultyDevice device = new FaultyDevice();
        SelfTest test = run(device);
        assertEquals(Set.of(), test.failed());
        assertNull(test.lost());
        assertEquals(0, device.memories(), "memory is given back");
    }

    @ParameterizedTest
    @EnumSource(Fn.class)
    void aFunctionThatIsALittleWrongIsFound(Fn fn) {
        assertEquals(Set.of(SelfTest.name(fn)), run(new Wrong(fn, null)).failed());
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void aKernelThatIsWrongInItsLastElementIsFound(Kernel kernel) {
        Set<String> failed = run(new Wrong(null, kernel)).failed();
        assertTrue(failed.contains(kernel.name()), "found: " + failed);
        // Results come by COPY.
        assertTrue(failed.size() == 1 || kernel == Kernel.COPY, "found: " + failed);
    }

    @Test
    void whatCannotBeMadeIsFound() {
        FaultyDevice device = new FaultyDevice(3, 1, EnumSet.of(DeviceException.Kind.KERNEL), 1 << 20);
        assertEquals(Fn.values().length + Kernel.values().length, run(device).failed().size());
    }

    @Test
    void aLostDeviceIsToldFromOneThatIsWrong() {
        FaultyDevice device = new FaultyDevice();
        device.lose();
        SelfTest test = run(device);
        assertNotNull(test.lost());
        assertEquals(Set.of(), test.failed());
    }

    @Test
    void whatFailedIsNotTakenAnyMore() {
        Device less = SelfTest.without(new FaultyDevice(), Set.of("tanh", "MATMUL"));
        Operand some = new Operand(0, DType.FLOAT32, new int[] {3}, new int[] {1}, 0);
        assertFalse(less.takes(new Work.Run(Kernel.MATMUL, List.of(some), List.of(some, some))));
        assertTrue(less.takes(new Work.Run(Kernel.SUM, List.of(some), List.of(some))));
        Expr tanh = Expr.ONE.plus(Expr.call(Fn.TANH, Expr.arg(0)));
        assertFalse(less.takes(new Work.Pointwise(List.of(tanh), List.of(some), List.of(some), List.of(), 0)));
        assertTrue(less.takes(
                new Work.Pointwise(List.of(Expr.arg(0).exp()), List.of(some), List.of(some), List.of(), 0)));
    }

    @Test
    void distancesCountTheNumbersBetween() {
        assertEquals(1, Tolerance.distance(1f, Math.nextUp(1f)));
        assertEquals(0, Tolerance.distance(0f, -0f));
        assertEquals(2, Tolerance.distance(Float.MIN_VALUE, -Float.MIN_VALUE));
    }

    /** A device that is wrong in the results of one function or kernel. */
    private static final class Wrong extends ForwardingDevice {
        private final Fn fn;
        private final Kernel kernel;

        Wrong(Fn fn, Kernel kernel) {
            super(new FaultyDevice());
            this.fn = fn;
            this.kernel = kernel;
        }

        @Override
        public Executable prepare(List<Work> works, List<Slot> slots) {
            Executable right = device.prepare(works.stream().map(this::wrong).toList(), slots);
            if (kernel == null || !(works.getFirst() instanceof Work.Run run) || run.kernel() != kernel) {
                return right;
            }
            Executable first = device.prepare(works.subList(0, 1), slots);
            return new Executable() {
                @Override
                public void run(Memory[] memories, double[] numbers) {
                    first.run(memories, numbers);
                    Memory target = memories[run.outs().getFirst().slot()];
                    if (target.type() == DType.FLOAT32) {
                        float[] values = new float[target.size()];
                        device.read(target, values);
                        values[values.length - 1] += 0.01f;
                        device.write(target, values);
                    } else {
                        int[] values = new int[target.size()];
                        device.read(target, values);
                        values[values.length - 1] ^= 1;
                        device.write(target, values);
                    }
                    if (works.size() > 1) {
                        device.prepare(works.subList(1, 2), slots).run(memories, numbers);
                    }
                }

                @Override
                public void close() {
                    first.close();
                }
            };
        }

        private Work wrong(Work work) {
            return work instanceof Work.Pointwise p
                    ? new Work.Pointwise(p.formulas().stream().map(this::wrong).toList(), p.outs(), p.ins(), p.params(), p.firstNumber()) : work;
        }

        private Expr wrong(Expr formula) {
            return formula instanceof Expr.Call call && call.fn() == fn
                    ? new Expr.Call(Fn.ADD, List.of(formula, Expr.of(1e-3))) : formula;
        }
    }
}
