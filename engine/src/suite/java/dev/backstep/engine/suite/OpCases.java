package dev.backstep.engine.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Sample;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Every op on every sample: outputs, first and second gradients. */
final class OpCases {
    /** Ops that are no formula but use functions whose last bit is the mathematical library's choice. */
    private static final Set<String> INEXACT = Set.of("softmax", "log_softmax", "logsumexp", "norm", "std",
            "cross_entropy", "binary_cross_entropy", "binary_cross_entropy_with_logits");

    private OpCases() {
    }

    static void add(List<Case> cases) {
        for (Op op : Ops.all()) {
            boolean exact = isExact(op);
            for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
                for (int k = 0; k < op.samples().size(); k++) {
                    Sample sample = op.samples().get(k);
                    cases.add(new Case(op.type() + " " + k + " " + type.shortName(), exact,
                            () -> run(op, sample, type)));
                }
            }
        }
    }

    private static boolean isExact(Op op) {
        boolean exact = !INEXACT.contains(op.type());
        if (op.elements() != null) {
            exact = op.elements().isExact();
            for (int i = 0; i < op.inputs().size(); i++) {
                exact &= op.localDerivative(i) == null || op.localDerivative(i).isExact();
            }
        }
        return exact;
    }

    private static String run(Op op, Sample sample, DType type) {
        Tensor[] in = new Tensor[sample.inputs().size()];
        List<Tensor> wanted = new ArrayList<>();
        for (int i = 0; i < in.length; i++) {
            Tensor given = sample.inputs().get(i);
            in[i] = given.dtype().isFloat() ? given.to(type).detach() : given;
            if (sample.wantsGradient(i)) {
                in[i].requiresGrad(true);
                wanted.add(in[i]);
            }
        }
        Line line = new Line();
        List<Tensor> roots = new ArrayList<>();
        List<Tensor> seeds = new ArrayList<>();
        for (Tensor out : op.apply(sample.attrs(), in)) {
            line.add(out);
            if (out.requiresGrad()) {
                // An op that has nothing to do, such as to(dtype) of that dtype, gives its input back.
                line.add(out.isLeaf() ? "leaf" : out.gradFn().name());
                roots.add(out);
                seeds.add(seed(out).requiresGrad(true));
            }
        }
        if (roots.isEmpty()) {
            return line.toString();
        }
        List<Tensor> gradients = Autograd.grad(roots, wanted, seeds, true, true, true, true);
        Tensor second = null;
        for (Tensor gradient : gradients) {
            line.add(gradient);
            if (gradient.requiresGrad()) {
                Tensor sum = gradient.mul(seed(gradient)).sum();
                second = second == null ? sum : second.add(sum);
            }
        }
        if (second != null && second.requiresGrad()) {
            for (Tensor gradient : Autograd.grad(List.of(second), wanted, null, false, false, true, true)) {
                line.add(gradient);
            }
        }
        return line.toString();
    }

    /** Eighths, which every type holds exactly. */
    private static Tensor seed(Tensor like) {
        double[] values = new double[like.numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 5 % 16 - 7) / 8.0;
        }
        return Tensor.of(values, like.shape(), like.dtype());
    }
}
