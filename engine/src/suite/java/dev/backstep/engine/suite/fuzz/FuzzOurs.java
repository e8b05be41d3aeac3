package dev.backstep.engine.suite.fuzz;

import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Runs programs with the engine. */
final class FuzzOurs extends FuzzMachine<Tensor> {
    @Override
    protected String refusal(Runnable call) {
        try {
            call.run();
            return null;
        } catch (TorchError refusal) {
            return refusal.getMessage();
        }
    }

    @Override
    protected boolean gradMode(boolean enabled) {
        boolean before = GradMode.isEnabled();
        GradMode.set(enabled);
        return before;
    }

    @Override
    protected Tensor leaf(FuzzStatement line) {
        return Tensor.of(line.values(), line.attrs().ints("shape"), line.dtype())
                .requiresGrad(line.flag("requires_grad"));
    }

    @Override
    protected List<Tensor> op(FuzzStatement line) {
        Tensor[] in = line.in().stream().map(variables::get).toArray(Tensor[]::new);
        return Arrays.asList(Ops.find(line.name()).apply(line.attrs(), in));
    }

    @Override
    protected Tensor number(FuzzStatement line, Tensor self) {
        double number = line.values()[0];
        return switch (line.name()) {
            case "add" -> self.add(number);
            case "sub" -> self.sub(number);
            case "mul" -> self.mul(number);
            default -> self.div(number);
        };
    }

    @Override
    protected Tensor inPlace(FuzzStatement line, Tensor self, Tensor other) {
        double number = line.values().length == 0 ? 0 : line.values()[0];
        return switch (line.name()) {
            case "add_" -> other == null ? self.add_(number) : self.add_(other);
            case "sub_" -> other == null ? self.sub_(number) : self.sub_(other);
            case "mul_" -> other == null ? self.mul_(number) : self.mul_(other);
            case "div_" -> other == null ? self.div_(number) : self.div_(other);
            case "pow_" -> self.pow_(number);
            case "relu_" -> self.relu_();
            case "sigmoid_" -> self.sigmoid_();
            case "exp_" -> self.exp_();
            case "clamp_" -> self.clamp_(-number, number);
            case "zero_" -> self.zero_();
            case "fill_" -> self.fill_(number);
            case "copy_" -> self.copy_(other);
            default -> throw new IllegalArgumentException(line.name());
        };
    }

    @Override
    protected Tensor method(FuzzStatement line, Tensor self) {
        switch (line.name()) {
            case "detach" -> {
                return self.detach();
            }
            case "contiguous" -> {
                return self.contiguous();
            }
            case "data" -> {
                return self.data();
            }
            case "requires_grad_" -> {
                return self.requiresGrad(line.flag("requires_grad"));
            }
            case "retain_grad" -> self.retainGrad();
            case "zero_grad" -> self.grad(null);
            case "grad" -> {
                return absent(self.grad()).detach().copy();
            }
            case "halve_grad" -> absent(self.grad()).mul_(0.5);
            default -> throw new IllegalArgumentException(line.name());
        }
        return self;
    }

    @Override
    protected void backward(FuzzStatement line, Tensor root, List<Tensor> inputs) {
        Autograd.backward(List.of(root), gradient(line, root), line.flag("retain_graph"), line.flag("create_graph"),
                inputs.isEmpty() ? null : inputs);
    }

    @Override
    protected List<Tensor> grad(FuzzStatement line, Tensor root, List<Tensor> inputs) {
        return Autograd.grad(List.of(root), inputs, gradient(line, root), line.flag("retain_graph"),
                line.flag("create_graph"), line.flag("allow_unused"), false);
    }

    /** What LibTorch says of a gradient that is not there. */
    private static Tensor absent(Tensor grad) {
        if (grad == null) {
            throw TorchError.runtime("Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
                    + "#0 'self'");
        }
        return grad;
    }

    private static List<Tensor> gradient(FuzzStatement line, Tensor root) {
        return Collections.singletonList(line.values().length == 0 ? null
                : Tensor.of(line.values(), root.shape(), root.dtype()));
    }
}
