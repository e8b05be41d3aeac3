package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Indices as Python's brackets take them: a tensor that is a single integer selects like a number, a single truth
 * stands for a new dimension of one element or none, and the rest picks.
 */
final class Brackets {
    private Brackets() {
    }

    static Tensor of(Attrs attrs, Tensor[] in) {
        Tensor x = in[0];
        List<Tensor> left = new ArrayList<>();
        List<Object> dims = new ArrayList<>();
        int next = 0;
        int shift = 0;
        for (int i = 1; i < in.length; i++) {
            Picks.checkType(in[i].dtype());
            int dim = Picks.dim(attrs, i - 1, next, in[0].dim());
            boolean mask = in[i].dtype() == DType.BOOL;
            Picks.checkRoom(dim + (mask ? in[i].dim() : 1), in[0].dim());
            next = dim + (mask ? in[i].dim() : 1);
            int at = dim + shift;
            if (in[i].dim() == 0 && !mask) {
                long index = in[i].toLongs()[0];
                x = x.select(at, (int) Picks.within(index, at, x.view().shape()[at]));
                shift--;
            } else if (in[i].dim() == 0) {
                x = x.unsqueeze(at);
                left.add(in[i].unsqueeze(0));
                dims.add((long) at);
                shift++;
            } else {
                left.add(in[i]);
                dims.add((long) at);
            }
        }
        if (left.isEmpty()) {
            return x;
        }
        left.addFirst(x);
        return Indexing.TENSORS.call(Attrs.of("dims", dims), left.toArray(Tensor[]::new));
    }

    static Meta infer(Attrs attrs, Meta[] in) {
        int[] shape = in[0].shape();
        boolean unknown = false;
        List<Meta> left = new ArrayList<>();
        List<Object> dims = new ArrayList<>();
        int next = 0;
        int shift = 0;
        for (int i = 1; i < in.length; i++) {
            Picks.checkType(in[i].dtype());
            int dim = Picks.dim(attrs, i - 1, next, in[0].shape().length);
            boolean mask = in[i].dtype() == DType.BOOL;
            int rank = in[i].shape().length;
            Picks.checkRoom(dim + (mask ? rank : 1), in[0].shape().length);
            next = dim + (mask ? rank : 1);
            if (rank == 0 && mask) {
                unknown = true;
            } else if (rank == 0) {
                shape = Shapes.without(shape, dim + shift);
                shift--;
            } else {
                left.add(in[i]);
                dims.add((long) (dim + shift));
            }
        }
        int[] result = left.isEmpty() ? shape
                : Picks.shape(shape, left.toArray(Meta[]::new), Attrs.of("dims", dims));
        return new Meta(unknown ? null : result, in[0].dtype());
    }
}
