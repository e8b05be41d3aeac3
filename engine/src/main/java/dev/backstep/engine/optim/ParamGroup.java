package dev.backstep.engine.optim;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** Parameters that an optimizer treats alike, and how: {@code lr}, {@code momentum} ... by PyTorch's names. */
public final class ParamGroup {
    private final List<Tensor> params;
    private Attrs options;

    /** @param options what differs from the optimizer's own settings */
    public ParamGroup(List<Tensor> params, Attrs options) {
        this.params = List.copyOf(params);
        this.options = options;
    }

    public List<Tensor> params() {
        return params;
    }

    public Attrs options() {
        return options;
    }

    public double number(String name) {
        return options.number(name);
    }

    /** Changes a setting, such as the learning rate. */
    public void set(String name, Object value) {
        options = options.with(name, value);
    }

    double lr() {
        return number("lr");
    }

    void options(Attrs all) {
        options = all;
    }
}
