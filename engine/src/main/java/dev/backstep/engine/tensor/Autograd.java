package dev.backstep.engine.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code torch.autograd}: backward into {@code .grad}, and gradients as results. */
public final class Autograd {
    private Autograd() {
    }

    /**
     * Says that this program computes on one thread only, as a page does, whose threads are turns of one. From then on
     * all share one grad mode and one count of nodes, and no op looks up its thread.
     */
    public static void singleThreaded() {
        ThreadState.share();
    }

    /**
     * {@code torch.autograd.backward}: adds the gradients of the leaves to their {@code .grad}.
     *
     * @param gradients one for each tensor, of its shape; null entries stand for 1 and need a single element
     * @param inputs the tensors whose {@code .grad} is wanted, or null for all leaves
     */
    public static void backward(List<Tensor> tensors, List<Tensor> gradients, boolean retainGraph,
            boolean createGraph, List<Tensor> inputs) {
        steps(tensors, gradients, retainGraph, createGraph, inputs).run();
    }

    /** The same as an iterator: each step runs one node when it is asked for. */
    public static Backward steps(List<Tensor> tensors, List<Tensor> gradients, boolean retainGraph,
            boolean createGraph, List<Tensor> inputs) {
        if (inputs != null && inputs.isEmpty()) {
            throw TorchError.runtime("'inputs' argument to 'backward' cannot be empty.");
        }
        Tensor[] seeds = seeds(tensors, gradients);
        Edge[] roots = roots(tensors);
        Edge[] wanted = null;
        if (inputs != null) {
            wanted = new Edge[inputs.size()];
            for (int i = 0; i < wanted.length; i++) {
                if (!inputs.get(i).isLeaf()) {
                    inputs.get(i).retainGrad();
                }
                wanted[i] = wanted(inputs.get(i));
            }
        }
        return new Backward(roots, seeds, retainGraph || createGraph, createGraph, wanted, false);
    }

    /**
     * {@code torch.autograd.grad}: the gradients of the sum of the outputs, {@code .grad} left alone.
     *
     * @param gradOutputs one for each output, or null for all being 1
     * @param retainGraph null means as {@code createGraph}
     * @param allowUnused null means as {@code materializeGrads}
     * @return one gradient for each input; null for an unused one where that is allowed and not materialized
     */
    public static List<Tensor> grad(List<Tensor> outputs, List<Tensor> inputs, List<Tensor> gradOutputs,
            Boolean retainGraph, boolean createGraph, Boolean allowUnused, boolean materializeGrads) {
        if (Boolean.FALSE.equals(allowUnused) && materializeGrads) {
            throw TorchError.value("Expected allow_unused to be True or not passed when materialize_grads=True, but "
                    + "got: allow_unused=False.");
        }
        boolean unusedAllowed = allowUnused == null ? materializeGrads : allowUnused;
        Tensor[] seeds = seeds(outputs, gradOutputs);
        Edge[] roots = roots(outputs);
        Edge[] wanted = new Edge[inputs.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = wanted(inputs.get(i));
        }
        boolean retain = retainGraph == null ? createGraph : retainGraph;
        Backward backward = new Backward(roots, seeds, retain, createGraph, wanted, true);
        backward.run();
        Tensor[] results = backward.captured();
        for (int i = 0; i < results.length; i++) {
            if (results[i] == null && !unusedAllowed) {
                throw TorchError.runtime("One of the differentiated Tensors appears to not have been used in the graph."
                        + " Set allow_unused=True if this is the desired behavior.");
            }
            if (results[i] == null && materializeGrads) {
                results[i] = Tensor.zeros(inputs.get(i).shape(), inputs.get(i).dtype()).requiresGrad(createGraph);
            }
        }
        return new ArrayList<>(Arrays.asList(results));
    }

    /** The gradients of one scalar output. */
    public static List<Tensor> grad(Tensor output, Tensor... inputs) {
        return grad(List.of(output), List.of(inputs), null, null, false, null, false);
    }

    private static Edge wanted(Tensor input) {
        if (!input.requiresGrad()) {
            throw TorchError.runtime("One of the differentiated Tensors does not require grad");
        }
        return input.edge();
    }

    private static Edge[] roots(List<Tensor> tensors) {
        Edge[] roots = new Edge[tensors.size()];
        for (int i = 0; i < roots.length; i++) {
            // A view made under no_grad requires a gradient as its base does, and yet has nowhere to send it.
            roots[i] = tensors.get(i).edge();
            if (roots[i].node() == null) {
                throw TorchError.runtime("element " + i + " of tensors does not require grad and does not have a "
                        + "grad_fn");
            }
        }
        return roots;
    }

    private static Tensor[] seeds(List<Tensor> outputs, List<Tensor> gradients) {
        if (gradients != null && gradients.size() != outputs.size()) {
            throw TorchError.runtime("got " + outputs.size() + " tensors and " + gradients.size() + " gradients");
        }
        Tensor[] seeds = new Tensor[outputs.size()];
        for (int i = 0; i < seeds.length; i++) {
            Tensor output = outputs.get(i);
            Tensor gradient = gradients == null ? null : gradients.get(i);
            if (gradient != null) {
                if (!Arrays.equals(gradient.view().shape(), output.view().shape())) {
                    throw TorchError.runtime("Mismatch in shape: grad_output[" + i + "] has a shape of "
                            + size(gradient) + " and output[" + i + "] has a shape of " + size(output) + ".");
                }
                seeds[i] = gradient;
            } else if (output.requiresGrad()) {
                if (output.numel() != 1) {
                    throw TorchError.runtime("grad can be implicitly created only for scalar outputs");
                }
                seeds[i] = Tensor.ones(output.shape(), output.dtype());
            }
        }
        return seeds;
    }

    private static String size(Tensor tensor) {
        return "torch.Size(" + Arrays.toString(tensor.view().shape()) + ")";
    }
}
