package dev.backstep.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Groups, state, schedules and refusals; the rules themselves are compared with LibTorch's in TrainingOracleTest. */
class OptimizerTest {
    private static final double NONE = 0;

    private static Tensor parameter(double... values) {
        return Tensor.of(values, new int[] {values.length}, DType.FLOAT64).requiresGrad(true);
    }

    private static void steps(Optimizer optimizer, Tensor parameter, int count) {
        for (int i = 0; i < count; i++) {
            optimizer.zeroGrad();
            parameter.sub(3.0).square().sum().backward();
            optimizer.step();
        }
    }

    private static List<ParamGroup> group(Tensor parameter) {
        return List.of(new ParamGroup(List.of(parameter), Attrs.NONE));
    }

    /** Each optimizer saved after three steps and loaded into a new one goes on as if nothing had been. */
    @Test
    void stateIsSavedAndLoaded() {
        List<Function<Tensor, Optimizer>> kinds = List.of(
                p -> new Sgd(group(p), Sgd.options(0.1, 0.9, 0.1, 0.01, false)),
                p -> new Adam(group(p), Adam.options(0.1, 0.9, 0.999, 1e-8, 0.01, true)),
                p -> Adam.w(List.of(p), 0.1),
                p -> new RmsProp(group(p), RmsProp.options(0.1, 0.99, 1e-8, NONE, 0.9, true)),
                p -> new Adagrad(group(p), Adagrad.options(0.1, 0.1, NONE, 0.5, 1e-10)));
        for (Function<Tensor, Optimizer> kind : kinds) {
            Tensor through = parameter(1, -2);
            steps(kind.apply(through), through, 6);

            Tensor first = parameter(1, -2);
            Optimizer saved = kind.apply(first);
            steps(saved, first, 3);
            Tensor second = parameter(first.toDoubles());
            Optimizer loaded = kind.apply(second);
            loaded.loadStateDict(saved.stateDict());
            steps(loaded, second, 3);
            assertArrayEquals(through.toDoubles(), second.toDoubles());
        }
    }

    @Test
    void stateHasPyTorchsNames() {
        Tensor p = parameter(1);
        Adam adam = new Adam(List.of(p), 0.1);
        steps(adam, p, 2);
        assertEquals(List.of("step", "exp_avg", "exp_avg_sq"), List.copyOf(adam.stateDict().state().get(0).keySet()));
        assertEquals(2, adam.stateDict().state().get(0).get("step").item());
    }

    @Test
    void groupsHaveTheirOwnSettings() {
        Tensor slow = parameter(1);
        Tensor fast = parameter(1);
        Sgd sgd = new Sgd(List.of(new ParamGroup(List.of(slow), Attrs.NONE),
                new ParamGroup(List.of(fast), Attrs.of("lr", 0.5))), Sgd.options(0.1, 0, 0, 0, false));
        slow.add(fast).sum().backward();
        sgd.step();
        assertEquals(1 - 0.1, slow.item());
        assertEquals(0.5, fast.item());
        sgd.paramGroups().get(0).set("lr", 0.2);
        sgd.step();
        assertEquals(1 - 0.1 - 0.2, slow.item(), 1e-15);
    }

    @Test
    void withoutAGradientNothingIsChanged() {
        Tensor p = parameter(1);
        Tensor frozen = parameter(1).requiresGrad(false);
        new Sgd(List.of(p, frozen), 0.1).step();
        assertEquals(1, p.item());
        assertEquals(0, p.version());
    }

    @Test
    void aStepIsAWriteInPlace() {
        Tensor p = parameter(1);
        Sgd sgd = new Sgd(List.of(p), 0.1);
        Tensor square = p.square().sum();
        square.backward(null, true, false);
        sgd.step();
        assertEquals(1, p.version());
        TorchError refusal = assertThrows(TorchError.class, square::backward);
        assertEquals(true, refusal.getMessage().startsWith("one of the variables needed for gradient computation has "
                + "been modified by an inplace operation"), refusal.getMessage());
    }

    @Test
    void aCosineGoesDownAndUpAgain() {
        Sgd sgd = new Sgd(List.of(parameter(1)), 0.1);
        LrScheduler cosine = LrScheduler.cosine(sgd, 10, 0.01);
        for (int epoch = 1; epoch <= 35; epoch++) {
            cosine.step();
            // I. Loshchilov and F. Hutter (2017), equation 5, without restarts
            double expected = 0.01 + (0.1 - 0.01) * (1 + Math.cos(Math.PI * epoch / 10)) / 2;
            assertEquals(expected, cosine.lastLr().get(0), 1e-12, "epoch " + epoch);
        }
    }

    @Test
    void refusesAsPyTorchDoes() {
        Tensor p = parameter(1);
        refused("Invalid learning rate: -1.0", () -> new Sgd(List.of(p), -1));
        refused("Invalid beta parameter at index 1: 1.0",
                () -> new Adam(group(p), Adam.options(0.1, 0.9, 1, 1e-8, 0, false)));
        refused("Nesterov momentum requires a momentum and zero dampening",
                () -> new Sgd(group(p), Sgd.options(0.1, 0, 0, 0, true)));
        refused("optimizer got an empty parameter list", () -> new Adam(List.of(), 0.1));
        refused("can't optimize a non-leaf Tensor", () -> new Adam(List.of(p.mul(2.0)), 0.1));
        refused("some parameters appear in more than one parameter group", () -> new Sgd(List.of(
                new ParamGroup(List.of(p), Attrs.NONE), new ParamGroup(List.of(p), Attrs.NONE)),
                Sgd.options(0.1, 0, 0, 0, false)));
        Sgd two = new Sgd(List.of(p, parameter(2)), 0.1);
        refused("loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
                () -> two.loadStateDict(new Sgd(List.of(p), 0.1).stateDict()));
    }

    private static void refused(String words, Runnable call) {
        assertEquals(words, assertThrows(TorchError.class, call::run).getMessage());
    }
}
