package dev.backstep.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Sample;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The terms of an outgoing gradient: their sum is what backward gives, and they are the right ones. */
class OriginsTest {
    /** Every op of the palette on all its samples: the terms add up to the gradient, element by element. */
    @TestFactory
    Stream<DynamicTest> theTermsAddUpToTheGradient() {
        return Ops.all().stream().filter(op -> op.group() != null && op.isDifferentiable())
                .flatMap(op -> op.samples().stream()
                .map(sample -> DynamicTest.dynamicTest(op + " " + sample.attrs(), () -> addUp(op, sample))));
    }

    private static void addUp(Op op, Sample sample) {
        List<Tensor> inputs = sample.inputs();
        Tensor[] in = new Tensor[inputs.size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = sample.wantsGradient(i)
                    ? inputs.get(i).detach().to(DType.FLOAT64).copy().detach().requiresGrad(true) : inputs.get(i);
        }
        Tensor[] out = op.apply(sample.attrs(), in);
        List<Tensor> incoming = new ArrayList<>();
        List<Tensor> roots = new ArrayList<>();
        List<Tensor> seeds = new ArrayList<>();
        for (Tensor output : out) {
            boolean asked = output.requiresGrad();
            Tensor seed = Tensor.of(IntStream.range(0, output.numel()).mapToDouble(i -> Math.sin(1 + i)).toArray(),
                    output.shape(), output.dtype().isFloat() ? output.dtype() : DType.FLOAT64);
            incoming.add(asked ? seed : null);
            if (asked) {
                roots.add(output);
                seeds.add(seed);
            }
        }
        if (roots.isEmpty()) {
            return;
        }
        List<Tensor> floats = Stream.of(in).filter(Tensor::requiresGrad).toList();
        List<Tensor> gradients = Autograd.grad(roots, floats, seeds, null, false, true, true);
        Origins origins = new Origins(op, complete(op, sample.attrs()), List.of(in), List.of(out));
        for (int k = 0; k < in.length; k++) {
            if (!in[k].requiresGrad() || origins.rule(k) == null) {
                continue;
            }
            double[] expected = gradients.get(floats.indexOf(in[k])).toDoubles();
            for (int i = 0; i < expected.length; i++) {
                Origins.Sum sum = origins.of(k, i, incoming);
                assertEquals(expected[i], sum.value(), 1e-6 * (Math.abs(expected[i]) > 1 ? Math.abs(expected[i]) : 1),
                        "input " + k + " element " + i);
                assertEquals(sum.value(), sum.terms().stream().mapToDouble(Origins.Term::product).sum(), 1e-9);
            }
        }
    }

    private static Attrs complete(Op op, Attrs given) {
        Attrs all = given;
        for (AttrSpec spec : op.attrs()) {
            all = all.has(spec.name()) || spec.fallback() == null ? all : all.with(spec.name(), spec.fallback());
        }
        return all;
    }

    private static Tensor counting(int... shape) {
        int count = IntStream.of(shape).reduce(1, (a, b) -> a * b);
        return Tensor.of(IntStream.range(1, count + 1).asDoubleStream().toArray(), shape, DType.FLOAT32);
    }

    private static Origins.Sum sum(String type, Attrs attrs, int input, int element, Tensor incoming, Tensor... in) {
        Op op = Ops.find(type);
        return new Origins(op, complete(op, attrs), List.of(in), List.of(op.apply(attrs, in))).of(input, element, List.of(incoming));
    }

    private static List<Integer> elements(Origins.Sum sum) {
        return sum.terms().stream().map(Origins.Term::element).toList();
    }

    private static List<Integer> factors(Origins.Sum sum) {
        return sum.terms().stream().map(Origins.Term::factorElement).toList();
    }

    @Test
    void aProductOfMatrices() {
        Tensor x = counting(2, 3);
        Tensor w = counting(3, 4);
        Tensor g = counting(2, 4);
        // dX[1, 2] = sum_j G[1, j] W[2, j]
        Origins.Sum left = sum("mm", Attrs.NONE, 0, 5, g, x, w);
        assertEquals(List.of(4, 5, 6, 7), elements(left));
        assertEquals(List.of(8, 9, 10, 11), factors(left));
        assertEquals(5 * 9 + 6 * 10 + 7 * 11 + 8 * 12, left.value());
        // dW[2, 1] = sum_i X[i, 2] G[i, 1]
        Origins.Sum right = sum("mm", Attrs.NONE, 1, 9, g, x, w);
        assertEquals(List.of(1, 5), elements(right));
        assertEquals(List.of(2, 5), factors(right));
        assertEquals(2 * 3 + 6 * 6, right.value());
    }

    @Test
    void aFactorOfZeroIsStillTold() {
        Origins.Sum sum = sum("dot", Attrs.NONE, 0, 1, Tensor.scalar(3), counting(2), Tensor.of(4, 0));
        assertEquals(List.of(1), factors(sum));
        assertEquals(0, sum.terms().getFirst().local());
    }

    @Test
    void aBatchOfMatricesSharesOneFactor() {
        // Y[b] = X[b] W: dW[k, j] sums over the batch and the rows.
        Origins.Sum sum = sum("matmul", Attrs.NONE, 1, 0, counting(2, 2, 1), counting(2, 2, 2), counting(2, 1));
        assertEquals(List.of(0, 1, 2, 3), elements(sum));
        assertEquals(List.of(0, 2, 4, 6), factors(sum));
    }

    @Test
    void whatBroadcastingRepeatedIsSummed() {
        Origins.Sum sum = sum("mul", Attrs.NONE, 1, 1, counting(2, 3), counting(2, 3), Tensor.of(10, 20, 30));
        assertEquals(Origins.Rule.ELEMENTWISE, sum.rule());
        assertEquals(List.of(1, 4), elements(sum));
        assertEquals(2 * 2 + 5 * 5, sum.value());
    }

    @Test
    void reductionsAndMovements() {
        Origins.Sum sum = sum("sum", Attrs.of("dim", new int[] {1}), 0, 4, Tensor.of(7, 9), counting(2, 3));
        assertEquals(List.of(1), elements(sum));
        assertEquals(9, sum.value());
        Origins.Sum mean = sum("mean", Attrs.NONE, 0, 4, Tensor.scalar(3), counting(2, 3));
        assertEquals(1.0 / 6, mean.terms().getFirst().local(), 1e-12);
        Origins.Sum prod = sum("prod", Attrs.NONE, 0, 0, Tensor.scalar(1), Tensor.of(0, 3, 5));
        assertEquals(15, prod.value(), 1e-12);
        assertEquals(0, sum("max", Attrs.NONE, 0, 0, Tensor.scalar(1), Tensor.of(1, 3)).count());
        assertEquals(1, sum("max", Attrs.NONE, 0, 1, Tensor.scalar(1), Tensor.of(1, 3)).value());
        Origins.Sum turned = sum("transpose", Attrs.NONE, 0, 1, counting(3, 2), counting(2, 3));
        assertEquals(List.of(2), elements(turned));
        assertEquals(0, sum("select", Attrs.of("dim", 0, "index", 1), 0, 0, counting(3), counting(2, 3)).count());
        Origins.Sum spread = sum("expand", Attrs.of("size", new int[] {3, 2}), 0, 1, counting(3, 2), Tensor.of(1, 2));
        assertEquals(List.of(1, 3, 5), elements(spread));
    }

    @Test
    void whereThereIsNothingToTell() {
        Op gather = Ops.find("gather");
        Tensor index = Tensor.of(new long[] {1}, 1);
        Origins origins = new Origins(gather, Attrs.NONE, List.of(counting(2), index), List.of(counting(1)));
        assertNull(origins.rule(1));
        Tensor large = Tensor.zeros(new int[] {1 << 17}, DType.FLOAT32);
        assertNull(new Origins(Ops.find("softmax"), Attrs.NONE, List.of(large), List.of(large)).rule(0));
    }

    @Test
    void indicesOfAnElement() {
        assertEquals(List.of(1, 0, 2), IntStream.of(Origins.indices(new int[] {2, 2, 3}, 8)).boxed().toList());
    }
}
