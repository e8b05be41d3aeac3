package dev.backstep.engine.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Sample;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of every differentiable op against central differences, on every smooth sample. */
class OpGradCheckTest {
    /** Ops that have no sample of their own: they stand inside others, whose second derivatives run them. */
    private static final Set<String> INSIDE = Set.of("_to_copy", "_unsafe_view", "_reshape_alias", "squeeze_",
            "_contiguous", "_index", "index_backward", "gather_backward");

    @TestFactory
    Stream<DynamicTest> ops() {
        return Ops.all().stream().filter(Op::isDifferentiable).flatMap(op -> op.samples().stream()
                .filter(sample -> !smooth(op, sample).isEmpty())
                .map(sample -> DynamicTest.dynamicTest(op + " " + sample.attrs(), () -> check(op, sample))));
    }

    @Test
    void everyDifferentiableOpIsChecked() {
        List<String> unchecked = Ops.all().stream().filter(op -> op.isDifferentiable() && !INSIDE.contains(op.type())
                && op.samples().stream().allMatch(sample -> smooth(op, sample).isEmpty())).map(Op::type).toList();
        assertEquals(List.of(), unchecked);
    }

    /** Samples at ties, jumps, zeros of a norm, infinities, and where an index names one place twice or a padding. */
    @Test
    void onlyTheseAreNotSmooth() {
        assertEquals(Set.of("amax", "amin", "embedding", "floor", "index_put", "logsumexp", "max", "max_dim", "maximum",
                "min", "min_dim", "minimum", "norm", "round"), Ops.all().stream()
                .filter(op -> op.isDifferentiable() && op.samples().stream().anyMatch(sample -> !sample.smooth()))
                .map(Op::type).collect(Collectors.toSet()));
    }

    private static Tensor[] inputs(Sample sample) {
        Tensor[] in = new Tensor[sample.inputs().size()];
        for (int i = 0; i < in.length; i++) {
            Tensor given = sample.inputs().get(i);
            in[i] = sample.wantsGradient(i) ? given.detach().requiresGrad(true) : given;
        }
        return in;
    }

    /** The outputs to be differentiated: a float32 one is too coarse for differences, an index has no derivative. */
    private static List<Integer> smooth(Op op, Sample sample) {
        List<Integer> smooth = new ArrayList<>();
        if (sample.smooth()) {
            Tensor[] out = op.apply(sample.attrs(), inputs(sample));
            for (int o = 0; o < out.length; o++) {
                if (out[o].requiresGrad() && out[o].dtype() == DType.FLOAT64) {
                    smooth.add(o);
                }
            }
        }
        return smooth;
    }

    private static void check(Op op, Sample sample) {
        Tensor[] in = inputs(sample);
        List<Integer> smooth = smooth(op, sample);
        GradCheck.gradcheck(given -> pick(op.apply(sample.attrs(), given), smooth), in);
        GradCheck.gradgradcheck(given -> pick(op.apply(sample.attrs(), given), smooth), in);
    }

    /** Where an index names the padding, the gradient denies what the output shows; the gradient's own is true. */
    @Test
    void paddingOfAnEmbedding() {
        Op embedding = Ops.find("embedding");
        Tensor weight = Tensor.of(new double[] {1, 2, 3, 4}, new int[] {2, 2}, DType.FLOAT64).requiresGrad(true);
        Tensor named = Tensor.of(new long[] {1, 0, 1}, 3);
        GradCheck.gradgradcheck(in -> new Tensor[] {embedding.call(Attrs.of("padding_idx", 0), named, in[0])}, weight);
    }

    private static Tensor[] pick(Tensor[] out, List<Integer> which) {
        return which.stream().map(o -> out[o]).toArray(Tensor[]::new);
    }

    @Test
    void aKinkIsCaught() {
        Tensor x = Tensor.of(new double[] {0}, new int[] {1}, DType.FLOAT64).requiresGrad(true);
        TorchError refusal = assertThrows(TorchError.class,
                () -> GradCheck.gradcheck(in -> new Tensor[] {in[0].relu()}, x));
        assertTrue(refusal.getMessage().startsWith("Jacobian mismatch for output 0 with respect to input 0"),
                refusal.getMessage());
    }
}
