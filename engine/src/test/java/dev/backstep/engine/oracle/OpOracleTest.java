package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.suite.fuzz.GraphText;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Sample;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every op on every sample in both floating types: values, types, shapes, strides, graph, first and second derivatives. */
class OpOracleTest {
    /** Ops that LibTorch's bindings lack or that only stand inside others, through which they are tested. */
    private static final Set<String> INTERNAL = Set.of("_to_copy", "_unsafe_view", "_reshape_alias", "squeeze_",
            "_contiguous", "_index", "index_backward", "gather_backward");
    /** Units in the last place allowed between two elementwise results. */
    private static final int ULPS = 2;
    /** More where LibTorch's own float32 is further from the truth. */
    private static final Map<String, Integer> MORE_ULPS = Map.of("softplus", 4);   // 3: exp, log1p and a quotient
    /** LibTorch's float32 erf is good to 1.2e-7 absolutely, which near 0 is many units in the last place (64 seen). */
    private static final Set<String> ABSOLUTE = Set.of("erf", "gelu");
    /** Exact formulas that LibTorch rounds more than once in float32. */
    private static final Set<String> ROUNDED_TWICE = Set.of("rsqrt");

    @Test
    void everyOpHasSamplesAndAnOracle() {
        for (Op op : Ops.all()) {
            if (!INTERNAL.contains(op.type())) {
                assertNotNull(TorchOps.find(op.type()), "no LibTorch function for " + op);
                assertEquals(false, op.samples().isEmpty(), "no samples of " + op);
            }
        }
    }

    @TestFactory
    Stream<DynamicContainer> ops() {
        return Ops.all().stream().filter(op -> !INTERNAL.contains(op.type()))
                .map(op -> DynamicContainer.dynamicContainer(op.type(), Stream.of(DType.FLOAT32, DType.FLOAT64)
                        .flatMap(type -> tests(op, type))));
    }

    private static Stream<DynamicTest> tests(Op op, DType type) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Sample sample : op.samples()) {
            String name = op.type() + " " + type.shortName() + " " + sample.attrs() + " "
                    + sample.inputs().stream().map(t -> Arrays.toString(t.shape())).toList();
            tests.add(test(name, op, sample, type, false));
            if (sample.inputs().stream().anyMatch(t -> t.dim() > 1) && !op.type().equals("view")) {
                tests.add(test(name + " column by column", op, sample, type, true));
            }
        }
        return tests.stream();
    }

    private static DynamicTest test(String name, Op op, Sample sample, DType type, boolean columns) {
        return DynamicTest.dynamicTest(name, () -> {
            try (PointerScope _ = new PointerScope()) {
                new Comparison(op, sample, type, columns).run();
            }
        });
    }

    /** One call here and there. */
    private static final class Comparison {
        private final Op op;
        private final DType type;
        private final Attrs attrs;
        private final List<Tensor> in = new ArrayList<>();
        private final List<org.bytedeco.pytorch.Tensor> torchIn = new ArrayList<>();
        /** What an error of rounding is measured by: the largest number that went in. */
        private double magnitude = 1;

        /** @param columns whether the inputs lie in memory with their first dimension innermost */
        Comparison(Op op, Sample sample, DType type, boolean columns) {
            this.op = op;
            this.type = type;
            attrs = complete(op, sample.attrs());
            for (int i = 0; i < sample.inputs().size(); i++) {
                Tensor leaf = cast(sample.inputs().get(i), type);
                leaf = columns ? leaf.numpyT().contiguous().numpyT().detach() : leaf;
                if (sample.wantsGradient(i)) {
                    leaf.requiresGrad(op.isDifferentiable());
                }
                in.add(leaf);
                torchIn.add(Torch.of(leaf));
                see(leaf);
            }
        }

        void run() {
            Tensor[] out = op.apply(attrs, in.toArray(Tensor[]::new));
            org.bytedeco.pytorch.Tensor[] torchOut = TorchOps.find(op.type()).run(attrs,
                    torchIn.toArray(org.bytedeco.pytorch.Tensor[]::new));
            assertEquals(torchOut.length, out.length, "number of outputs");
            Meta[] inferred = op.infer(attrs, in.stream().map(Tensor::meta).toArray(Meta[]::new));
            boolean exact = op.elements() != null && op.elements().isExact() && !ROUNDED_TWICE.contains(op.type());
            for (int i = 0; i < out.length; i++) {
                assertEquals(Torch.dtype(torchOut[i]), out[i].dtype(), "type");
                assertArrayEquals(Torch.shape(torchOut[i]), out[i].shape(), "shape");
                assertArrayEquals(Torch.strides(torchOut[i]), out[i].view().strides(), "strides");
                assertEquals(out[i].dtype(), inferred[i].dtype(), "inferred type");
                if (inferred[i].shape() != null) {
                    assertArrayEquals(out[i].shape(), inferred[i].shape(), "inferred shape");
                }
                same("value", exact ? 0 : ulps(), torchOut[i], out[i]);
                assertEquals(Torch.graph(torchOut[i]), GraphText.of(out[i]), "graph");
                assertEquals(torchOut[i].is_view(), out[i].base() != null, "is a view");
                assertEquals(torchOut[i]._version(), out[i].version(), "version");
            }
            derivatives(out, torchOut);
        }

        private int ulps() {
            return MORE_ULPS.getOrDefault(op.type(), ULPS);
        }

        private void derivatives(Tensor[] out, org.bytedeco.pytorch.Tensor[] torchOut) {
            List<Tensor> roots = new ArrayList<>();
            List<Tensor> seeds = new ArrayList<>();
            List<org.bytedeco.pytorch.Tensor> torchRoots = new ArrayList<>();
            List<org.bytedeco.pytorch.Tensor> torchSeeds = new ArrayList<>();
            for (int i = 0; i < out.length; i++) {
                assertEquals(torchOut[i].requires_grad(), out[i].requiresGrad(), "requires_grad");
                if (out[i].requiresGrad()) {
                    Tensor seed = numbers(out[i].shape(), out[i].dtype(), 3 + i).requiresGrad(true);
                    roots.add(out[i]);
                    seeds.add(seed);
                    torchRoots.add(torchOut[i]);
                    torchSeeds.add(Torch.of(seed));
                }
            }
            if (roots.isEmpty()) {
                return;
            }
            List<Tensor> wanted = in.stream().filter(Tensor::requiresGrad).toList();
            List<org.bytedeco.pytorch.Tensor> torchWanted = torchIn.stream().filter(t -> t.requires_grad()).toList();
            List<Tensor> grads = Autograd.grad(roots, wanted, seeds, null, true, true, false);
            TensorVector torchGrads = torch.grad(Torch.vector(torchRoots), Torch.vector(torchWanted),
                    Torch.vector(torchSeeds), new BoolOptional(true), true, true);
            compare("gradient", grads, torchGrads);

            // Once more, by the inputs and by the incoming gradients.
            roots.clear();
            torchRoots.clear();
            List<Tensor> second = new ArrayList<>();
            List<org.bytedeco.pytorch.Tensor> torchSecond = new ArrayList<>();
            for (int i = 0; i < grads.size(); i++) {
                if (grads.get(i) == null) {
                    continue;
                }
                boolean goesOn = torchGrads.get(i).requires_grad();
                assertEquals(goesOn, grads.get(i).requiresGrad(), "gradient " + i + " is differentiable");
                if (goesOn) {
                    Tensor seed = numbers(grads.get(i).shape(), grads.get(i).dtype(), 11 + i);
                    roots.add(grads.get(i));
                    second.add(seed);
                    torchRoots.add(torchGrads.get(i));
                    torchSecond.add(Torch.of(seed));
                }
            }
            List<Tensor> all = Stream.concat(wanted.stream(), seeds.stream()).toList();
            List<org.bytedeco.pytorch.Tensor> torchAll = Stream.concat(torchWanted.stream(), torchSeeds.stream())
                    .toList();
            compare("second derivative", Autograd.grad(roots, all, second, null, true, true, true),
                    filled(torch.grad(Torch.vector(torchRoots), Torch.vector(torchAll), Torch.vector(torchSecond),
                            new BoolOptional(true), true, true), torchAll));
        }

        /** Zeros where LibTorch says that there is no dependence: a matter of which formula was differentiated. */
        private static TensorVector filled(TensorVector grads, List<org.bytedeco.pytorch.Tensor> like) {
            List<org.bytedeco.pytorch.Tensor> all = new ArrayList<>();
            for (int i = 0; i < like.size(); i++) {
                all.add(grads.get(i).defined() ? grads.get(i) : torch.zeros_like(like.get(i)));
            }
            return Torch.vector(all);
        }

        private void compare(String what, List<Tensor> ours, TensorVector theirs) {
            for (int i = 0; i < ours.size(); i++) {
                String which = what + " " + i;
                assertEquals(theirs.get(i).defined(), ours.get(i) != null, which + " is there");
                if (ours.get(i) != null) {
                    assertEquals(Torch.dtype(theirs.get(i)), ours.get(i).dtype(), which + " type");
                    assertArrayEquals(Torch.shape(theirs.get(i)), ours.get(i).shape(), which + " shape");
                    same(which, 2 * ulps(), theirs.get(i), ours.get(i));
                }
            }
        }

        private void same(String what, int ulps, org.bytedeco.pytorch.Tensor expected, Tensor actual) {
            double[] e = Torch.values(expected);
            double[] a = actual.toDoubles();
            see(actual);
            // A sum's error goes with what was summed, not with what is left of it.
            double slack = op.elements() != null && what.equals("value") && !ABSOLUTE.contains(op.type()) ? 0
                    : 4 * magnitude * magnitude * (type == DType.FLOAT32 ? 0x1p-23 : 0x1p-52);
            for (int i = 0; i < e.length; i++) {
                double unit = type == DType.FLOAT32 ? Math.ulp((float) e[i]) : Math.ulp(e[i]);
                boolean same = Double.compare(e[i], a[i]) == 0 || e[i] == 0 && a[i] == 0
                        || Math.abs(e[i] - a[i]) <= Math.max(ulps * unit, ulps == 0 ? 0 : slack);
                if (!same) {
                    fail(what + "[" + i + "]: expected " + e[i] + " but was " + a[i] + ", "
                            + Math.abs(e[i] - a[i]) / unit + " ulp; of " + Arrays.toString(e) + " and "
                            + Arrays.toString(a));
                }
            }
        }

        private void see(Tensor tensor) {
            for (double value : tensor.toDoubles()) {
                magnitude = Double.isFinite(value) ? Math.max(magnitude, Math.abs(value)) : magnitude;
            }
        }
    }

    /** What a call does with attributes that were left out. */
    static Attrs complete(Op op, Attrs given) {
        Attrs attrs = given;
        for (AttrSpec attr : op.attrs()) {
            if (attr.fallback() != null && !attrs.has(attr.name())) {
                attrs = attrs.with(attr.name(), attr.fallback());
            }
        }
        return attrs;
    }

    /** A leaf in that type (where it is a floating one) with its dimensions in the same order in memory. */
    private static Tensor cast(Tensor tensor, DType type) {
        if (!tensor.dtype().isFloat()) {
            return tensor.data();
        }
        int[] strides = tensor.view().strides();
        Integer[] order = new Integer[strides.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> strides[b] - strides[a]);
        int[] there = Arrays.stream(order).mapToInt(i -> i).toArray();
        int[] back = new int[there.length];
        for (int i = 0; i < there.length; i++) {
            back[there[i]] = i;
        }
        Tensor plain = tensor.detach().permute(there).copy().to(type);
        return (tensor.isContiguous() ? plain.reshape(tensor.shape()) : plain.permute(back)).data();
    }

    private static Tensor numbers(int[] shape, DType type, int seed) {
        int count = 1;
        for (int extent : shape) {
            count *= extent;
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            // The fractional parts of multiples of the golden ratio are spread evenly.
            values[i] = (i + 1) * seed * 0.6180339887498949 % 1 * 2 - 0.9;
        }
        return Tensor.of(values, shape, type);
    }
}
