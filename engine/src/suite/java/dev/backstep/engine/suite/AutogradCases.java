package dev.backstep.engine.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.AnomalyMode;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Backward;
import dev.backstep.engine.tensor.Function;
import dev.backstep.engine.tensor.FunctionContext;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Repr;
import dev.backstep.engine.tensor.Step;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.List;

/** How graphs behave: order, accumulation, refusals, depth. The JVM's answers are held against LibTorch elsewhere. */
final class AutogradCases {
    private static final int DEEP = 1_000_000;

    private AutogradCases() {
    }

    static void add(List<Case> cases) {
        cases.add(new Case("a chain of a million sums", true, AutogradCases::deepSum));
        cases.add(new Case("a chain of a million products", true, AutogradCases::deepProduct));
        cases.add(new Case("order of a diamond", true, AutogradCases::order));
        cases.add(new Case("accumulation over three runs", true, AutogradCases::accumulation));
        cases.add(new Case("refusals", true, AutogradCases::refusals));
        cases.add(new Case("third derivative", true, AutogradCases::thirdDerivative));
        cases.add(new Case("tensors in print", true, AutogradCases::print));
        cases.add(new Case("hooks", true, AutogradCases::hooks));
        cases.add(new Case("views written in place", true, AutogradCases::viewsInPlace));
        cases.add(new Case("a custom function", true, AutogradCases::customFunction));
        cases.add(new Case("anomaly", true, AutogradCases::anomaly));
        cases.add(new Case("int64 beyond double", true,
                () -> new Line().add(Tensor.of(new long[] {9007199254740993L, -3}, 2)
                        .mul(Tensor.of(new long[] {3, 5}, 2))).toString()));
    }

    private static String deepSum() {
        Tensor x = Tensor.scalar(0.5).requiresGrad(true);
        Tensor y = x;
        for (int i = 0; i < DEEP; i++) {
            y = y.add(x);
        }
        y.backward();
        return new Line().add(y).add(x.grad()).toString();
    }

    private static String deepProduct() {
        Tensor x = Tensor.scalar(1).requiresGrad(true);
        Tensor y = x;
        for (int i = 0; i < DEEP; i++) {
            y = y.mul(x);
        }
        y.backward();
        return new Line().add(y).add(x.grad()).toString();
    }

    private static String print() {
        Tensor x = Tensor.of(new double[] {0.1, -2.00005, 1e-9, 12345.678}, new int[] {2, 2}, DType.FLOAT32);
        String text = Repr.of(x) + Repr.of(x.requiresGrad(true).mul(2L).sum())
                + Repr.of(Tensor.of(new double[] {1, 1.0 / 3, Double.NaN}, new int[] {3}, DType.FLOAT64))
                + Repr.formatted(Tensor.scalar(0.1), "") + Repr.formatted(Tensor.scalar(5e-324, DType.FLOAT64), "");
        return text.replace(' ', '_').replace('\n', '/');
    }

    private static String order() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        Tensor w = Tensor.of(3, 4).requiresGrad(true);
        Tensor left = x.mul(w);
        Tensor right = x.square();
        Tensor loss = left.add(right).mul(left).sum();
        Backward backward = Autograd.steps(List.of(loss), null, false, false, null);
        Line line = new Line();
        while (backward.hasNext()) {
            Step step = backward.next();
            line.add(step.node().name());
            for (Step.Accumulation sum : step.sums()) {
                line.add("to").add(sum.target().name()).add(sum.before()).add(sum.added()).add(sum.after());
            }
        }
        return line.add(x.grad()).add(w.grad()).toString();
    }

    private static String accumulation() {
        Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
        Tensor middle = x.mul(2.0);
        middle.retainGrad();
        Tensor y = middle.square().sum();
        y.backward(null, true, false);
        y.backward(null, true, false);
        y.backward();
        return new Line().add(x.grad()).add(middle.grad()).add("version" + x.grad().version()).toString();
    }

    private static String refusals() {
        Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
        Line line = new Line();
        line.add(refusal(() -> x.add_(1)));
        line.add(refusal(() -> x.mul(2.0).backward()));
        line.add(refusal(() -> x.detach().sum().backward()));
        line.add(refusal(() -> Tensor.of(1, 2).add(x)));
        line.add(refusal(() -> Autograd.grad(x.sum(), Tensor.scalar(1).requiresGrad(true))));
        line.add(refusal(() -> x.matmul(Tensor.zeros(new int[] {4, 2}, DType.FLOAT32))));
        Tensor y = x.exp();
        y.add_(1);
        line.add(refusal(() -> y.sum().backward()));
        Tensor z = x.square().sum();
        z.backward();
        line.add(refusal(z::backward));
        Tensor sum = x.add(x).sum();
        sum.backward(null, false, false);
        line.add(refusal(sum::backward));
        try (var _ = GradMode.noGrad()) {
            line.add(String.valueOf(x.mul(2.0).requiresGrad()));
        }
        return line.toString();
    }

    private static String refusal(Runnable call) {
        try {
            call.run();
            return "accepted";
        } catch (TorchError e) {
            return e.kind() + ":" + e.getMessage();
        }
    }

    private static String thirdDerivative() {
        Tensor x = Tensor.scalar(2, DType.FLOAT64).requiresGrad(true);
        Tensor y = x.pow(5L);
        Line line = new Line().add(y);
        for (int i = 0; i < 3; i++) {
            y = Autograd.grad(List.of(y), List.of(x), null, null, true, null, false).get(0);
            line.add(y).add(y.gradFn().name());
        }
        return line.toString();
    }

    private static String hooks() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        Line line = new Line();
        Tensor y = x.mul(2.0);
        y.retainGrad();
        y.registerHook(g -> g.mul(10.0));
        y.registerHook(g -> {
            line.add(g);
            return null;
        }).remove();
        y.gradFn().registerPrehook(out -> new Tensor[] {out[0].add(1.0)});
        y.gradFn().registerHook((in, out) -> {
            line.add(in[0]).add(out[0]);
            return null;
        });
        x.registerPostAccumulateGradHook(leaf -> line.add(leaf.grad()));
        Backward backward = Autograd.steps(List.of(y.mul(y).sum()), null, false, false, null);
        while (backward.hasNext()) {
            for (Step.HookCall call : backward.next().hooks()) {
                line.add(call.kind().name()).add(call.before()).add(call.after());
            }
        }
        Tensor z = x.mul(2.0);
        z.registerHook(g -> g.sum());
        return line.add(y.grad()).add(refusal(() -> z.sum().backward())).toString();
    }

    private static String viewsInPlace() {
        Tensor x = Tensor.of(1, 2, 3, 4).requiresGrad(true);
        Tensor y = x.mul(2.0);
        Tensor square = y.viewAs(2, 2);
        Tensor row = square.select(0, 1);
        row.mul_(row.detach().copy());
        square.t().select(0, 0).zero_();
        Line line = new Line().add(y.gradFn().name()).add(row.gradFn().name()).add("version" + row.version());
        y.mul(y).sum().backward();
        line.add(y).add(x.grad());
        line.add(refusal(() -> x.select(0, 0).mul_(2)));
        return line.add(refusal(() -> x.mul(2.0).split(2, 0)[1].mul_(2))).toString();
    }

    private static String anomaly() {
        Tensor x = Tensor.of(0, 0).requiresGrad(true);
        try (var _ = AnomalyMode.setDetectAnomaly(true)) {
            return new Line().add(refusal(() -> x.div(x).sum().backward())).toString();
        }
    }

    private static String customFunction() {
        Function product = new Function("Product") {
            @Override
            protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
                ctx.saveForBackward(in[0], in[1]);
                return new Tensor[] {in[0].mul(in[1]), in[0]};
            }

            @Override
            protected Tensor[] backward(FunctionContext ctx, Tensor... gradients) {
                Tensor[] saved = ctx.savedTensors();
                return new Tensor[] {gradients[0].mul(saved[1]).add(gradients[1]), gradients[0].mul(saved[0])};
            }
        };
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        Tensor w = Tensor.of(3, 4).requiresGrad(true);
        Tensor[] out = product.apply(x, w);
        Line line = new Line().add(out[0].gradFn().name()).add(out[0]).add(out[1]);
        Tensor loss = out[0].mul(out[0]).sum();
        Tensor first = Autograd.grad(List.of(loss), List.of(x), null, null, true, null, false).get(0);
        first.sum().backward(null, true, false);
        line.add(first).add(x.grad()).add(w.grad());
        line.add(refusal(() -> out[1].mul_(2)));
        out[0].sum().backward();
        return line.add(refusal(() -> out[0].sum().backward())).toString();
    }
}
