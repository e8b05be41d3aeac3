package dev.backstep.engine.nn;

import dev.backstep.engine.tensor.Tensor;

/** Modules one after another, named by their number. */
public final class Sequential extends Module {
    public Sequential(Module... modules) {
        for (int i = 0; i < modules.length; i++) {
            child(Integer.toString(i), modules[i]);
        }
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        Tensor x = inputs[0];
        for (Module module : children()) {
            x = module.forward(x);
        }
        return x;
    }
}
