package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Sample;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which type each op gives for which, with numbers of the program and single numbers among them, and what it refuses. */
class TypesOracleTest {
    private final List<DynamicTest> tests = new ArrayList<>();

    /** Every op on integers and on truths, as its samples have numbers. */
    @TestFactory
    Stream<DynamicTest> integersAndTruths() {
        for (Op op : Ops.all()) {
            if (TorchOps.find(op.type()) == null) {
                continue;
            }
            for (Sample sample : op.samples()) {
                for (DType type : new DType[] {DType.INT64, DType.BOOL}) {
                    if (sample.inputs().stream().anyMatch(t -> t.dtype().isFloat())) {
                        test(op, complete(op, sample.attrs()),
                                sample.inputs().stream().map(t -> whole(t, type)).toArray(Tensor[]::new));
                    }
                }
            }
        }
        return tests.stream();
    }

    /** Two tensors of all types and ranks. */
    @TestFactory
    Stream<DynamicTest> pairs() {
        for (String type : new String[] {"add", "sub", "mul", "div", "pow_tensor", "maximum", "eq", "lt", "logical_and",
            "cat"}) {
            Op op = Ops.find(type);
            for (Tensor a : operands()) {
                for (Tensor b : operands()) {
                    test(op, type.equals("cat") ? Attrs.of("dim", 0) : Attrs.NONE, a, b);
                }
            }
        }
        for (Tensor a : operands()) {
            for (Tensor b : operands()) {
                test(Ops.find("where"), Attrs.NONE, Tensor.of(new double[] {1, 0}, new int[] {2}, DType.BOOL), a, b);
            }
        }
        return tests.stream();
    }

    /** Losses with weights of another type than their other inputs. */
    @TestFactory
    Stream<DynamicTest> weights() {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            for (DType other : new DType[] {DType.INT64, DType.FLOAT32, DType.FLOAT64}) {
                Tensor x = Tensor.of(new double[] {0.3, 0.6, 0.9, 0.2, 0.5, 0.7}, new int[] {2, 3}, type);
                Tensor y = Tensor.of(new double[] {0, 1, 0.25, 0.5, 1, 0}, new int[] {2, 3}, type);
                Tensor classes = Tensor.of(new long[] {2, 0}, 2);
                Tensor weight = Tensor.of(new double[] {1, 2, 3}, new int[] {3}, other);
                for (String reduction : new String[] {"none", "mean"}) {
                    weighted("binary_cross_entropy", reduction, 0, x, y, weight);
                    weighted("binary_cross_entropy_with_logits", reduction, 0, x, y, weight);
                    weighted("binary_cross_entropy_with_logits", reduction, 0, x, y, weight, weight);
                    weighted("nll_loss", reduction, 0, x, classes, weight);
                    for (double smoothing : new double[] {0, 0.125}) {
                        weighted("cross_entropy", reduction, smoothing, x, classes, weight);
                        weighted("cross_entropy", reduction, smoothing, x, y, weight);
                    }
                }
            }
        }
        return tests.stream();
    }

    private void weighted(String type, String reduction, double smoothing, Tensor... in) {
        test(Ops.find(type), Attrs.of("reduction", reduction, "ignore_index", -100, "label_smoothing", smoothing), in);
    }

    /** A tensor and a number of the program. */
    @TestFactory
    Stream<DynamicTest> numbers() {
        for (String type : new String[] {"add", "sub", "mul", "div", "eq", "lt"}) {
            for (Tensor a : operands()) {
                for (Number number : new Number[] {3L, 2.5}) {
                    tests.add(DynamicTest.dynamicTest(type + describe(a) + " " + number, () -> {
                        try (PointerScope _ = new PointerScope()) {
                            org.bytedeco.pytorch.Tensor[] in = {Torch.of(a), Torch.number(number)};
                            Tensor b = number instanceof Long whole ? Tensor.number(whole)
                                    : Tensor.number(number.doubleValue());
                            same(Ops.find(type), Attrs.NONE, new Tensor[] {a, b}, in, false);
                        }
                    }));
                }
            }
        }
        for (Tensor a : operands()) {
            for (Number exponent : new Number[] {2L, 0L, 2.0, 0.5, -1L}) {
                test(Ops.find("pow"), Attrs.of("exponent", exponent), a);
            }
            for (Number number : new Number[] {3L, 2.5, 0L}) {
                test(Ops.find("rsub"), Attrs.of("other", number), a);
                test(Ops.find("pow_number"), Attrs.of("input", number), a);
            }
            for (Number limit : new Number[] {1L, 0.5}) {
                test(Ops.find("clamp"), Attrs.of("min", limit), a);
                test(Ops.find("clamp"), Attrs.of("max", limit), a);
                test(Ops.find("clamp"), Attrs.of("min", 0L, "max", limit), a);
            }
        }
        return tests.stream();
    }

    private void test(Op op, Attrs attrs, Tensor... in) {
        StringBuilder name = new StringBuilder(op + " " + attrs);
        for (Tensor tensor : in) {
            name.append(describe(tensor));
        }
        tests.add(DynamicTest.dynamicTest(name.toString(), () -> {
            try (PointerScope _ = new PointerScope()) {
                same(op, attrs, in, Torch.of(List.of(in)), true);
            }
        }));
    }

    private static void same(Op op, Attrs attrs, Tensor[] in, org.bytedeco.pytorch.Tensor[] torchIn,
            boolean inferred) {
        List<org.bytedeco.pytorch.Tensor> expected = new ArrayList<>();
        String refusal = Torch.refusal(() -> expected.addAll(List.of(TorchOps.find(op.type()).run(attrs, torchIn))));
        List<Tensor> actual = new ArrayList<>();
        assertEquals(refusal, Torch.refusal(() -> actual.addAll(List.of(op.apply(attrs, in)))), "refusal");
        Meta[] metas = Arrays.stream(in).map(Tensor::meta).toArray(Meta[]::new);
        List<Meta> known = new ArrayList<>();
        if (inferred) {
            assertEquals(refusal, Torch.refusal(() -> known.addAll(List.of(op.infer(attrs, metas)))), "inferred");
        }
        for (int i = 0; i < actual.size(); i++) {
            assertEquals(Torch.dtype(expected.get(i)), actual.get(i).dtype(), "type");
            if (inferred) {
                assertEquals(actual.get(i).dtype(), known.get(i).dtype(), "inferred type");
            }
            boolean coarse = actual.get(i).dtype() == DType.FLOAT32
                    || actual.get(i).dtype().isFloat() && Arrays.stream(in).anyMatch(t -> t.dtype() == DType.FLOAT32);
            double slack = coarse ? 1e-5 : actual.get(i).dtype().isFloat() ? 1e-13 : 0;
            double[] e = Torch.values(expected.get(i));
            double[] a = actual.get(i).toDoubles();
            for (int k = 0; k < e.length; k++) {
                e[k] = Math.abs(e[k] - a[k]) <= slack * Math.max(1, Math.abs(e[k])) ? a[k] : e[k];
            }
            assertArrayEquals(e, a, "value");
        }
    }

    private static List<Tensor> operands() {
        List<Tensor> operands = new ArrayList<>();
        for (DType type : DType.values()) {
            operands.add(Tensor.of(new double[] {2}, new int[] {}, type));
            operands.add(Tensor.of(new double[] {3, 1}, new int[] {2}, type));
        }
        return operands;
    }

    private static Tensor whole(Tensor tensor, DType type) {
        if (!tensor.dtype().isFloat()) {
            return tensor;
        }
        double[] values = tensor.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] = type == DType.BOOL ? (values[i] > 0 ? 1 : 0) : Math.rint(2 * values[i]);
        }
        return Tensor.of(values, tensor.shape(), type);
    }

    private static String describe(Tensor tensor) {
        return " " + tensor.dtype().shortName() + Arrays.toString(tensor.shape());
    }

    /** Everything filled in but limits, which are part of the type. */
    private static Attrs complete(Op op, Attrs given) {
        Attrs attrs = given;
        for (AttrSpec attr : op.attrs()) {
            if (attr.fallback() != null && !attrs.has(attr.name()) && !op.type().equals("clamp")) {
                attrs = attrs.with(attr.name(), attr.fallback());
            }
        }
        return attrs;
    }
}
