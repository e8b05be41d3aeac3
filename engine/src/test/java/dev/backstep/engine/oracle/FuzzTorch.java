package dev.backstep.engine.oracle;

import dev.backstep.engine.suite.fuzz.FuzzMachine;
import dev.backstep.engine.suite.fuzz.FuzzStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Runs programs with LibTorch. */
final class FuzzTorch extends FuzzMachine<Tensor> {
    @Override
    protected String refusal(Runnable call) {
        return Torch.refusal(call);
    }

    @Override
    protected boolean gradMode(boolean enabled) {
        boolean before = GradMode.is_enabled();
        GradMode.set_enabled(enabled);
        return before;
    }

    @Override
    protected Tensor leaf(FuzzStatement line) {
        return Torch.of(dev.backstep.engine.tensor.Tensor.of(line.values(), line.attrs().ints("shape"), line.dtype())
                .requiresGrad(line.flag("requires_grad")));
    }

    @Override
    protected List<Tensor> op(FuzzStatement line) {
        Tensor[] in = line.in().stream().map(variables::get).toArray(Tensor[]::new);
        return Arrays.asList(TorchOps.find(line.name()).run(line.attrs(), in));
    }

    @Override
    protected Tensor number(FuzzStatement line, Tensor self) {
        Tensor number = Torch.number(line.values()[0]);
        return switch (line.name()) {
            case "add" -> torch.add(self, number);
            case "sub" -> torch.sub(self, number);
            case "mul" -> torch.mul(self, number);
            default -> torch.div(self, number);
        };
    }

    @Override
    protected Tensor inPlace(FuzzStatement line, Tensor self, Tensor other) {
        Scalar number = new Scalar(line.values().length == 0 ? 0 : line.values()[0]);
        switch (line.name()) {
            case "add_" -> self.add_(other == null ? Torch.number(line.values()[0]) : other);
            case "sub_" -> self.sub_(other == null ? Torch.number(line.values()[0]) : other);
            case "mul_" -> self.mul_(other == null ? Torch.number(line.values()[0]) : other);
            case "div_" -> self.div_(other == null ? Torch.number(line.values()[0]) : other);
            case "pow_" -> self.pow_(number);
            case "relu_" -> self.relu_();
            case "sigmoid_" -> self.sigmoid_();
            case "exp_" -> self.exp_();
            case "clamp_" -> self.clamp_(new ScalarOptional(new Scalar(-line.values()[0])), new ScalarOptional(number));
            case "zero_" -> self.zero_();
            case "fill_" -> self.fill_(number);
            case "copy_" -> self.copy_(other);
            default -> throw new IllegalArgumentException(line.name());
        }
        return self;
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
                return self.variable_data();
            }
            case "requires_grad_" -> self.requires_grad_(line.flag("requires_grad"));
            case "retain_grad" -> self.retain_grad();
            case "zero_grad" -> self.mutable_grad().reset();
            case "grad" -> {
                return self.mutable_grad().detach().clone();
            }
            case "halve_grad" -> self.mutable_grad().mul_(Torch.number(0.5));
            default -> throw new IllegalArgumentException(line.name());
        }
        return self;
    }

    @Override
    protected void backward(FuzzStatement line, Tensor root, List<Tensor> inputs) {
        torch.backward(new TensorVector(root), gradient(line, root), retain(line), line.flag("create_graph"),
                Torch.vector(inputs));
    }

    @Override
    protected List<Tensor> grad(FuzzStatement line, Tensor root, List<Tensor> inputs) {
        TensorVector result = torch.grad(new TensorVector(root), Torch.vector(inputs), gradient(line, root),
                retain(line), line.flag("create_graph"), line.flag("allow_unused"));
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            gradients.add(defined(new Tensor(result.get(i))));
        }
        return gradients;
    }

    private static TensorVector gradient(FuzzStatement line, Tensor root) {
        return line.values().length == 0 ? new TensorVector() : new TensorVector(Torch.of(
                dev.backstep.engine.tensor.Tensor.of(line.values(), Torch.shape(root), Torch.dtype(root))));
    }

    private static BoolOptional retain(FuzzStatement line) {
        return new BoolOptional(line.flag("retain_graph") || line.flag("create_graph"));
    }

    static Tensor defined(Tensor tensor) {
        return tensor.defined() ? tensor : null;
    }
}
