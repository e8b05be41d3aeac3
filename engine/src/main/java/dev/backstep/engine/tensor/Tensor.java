package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A tensor as PyTorch has it: numbers seen through a {@link View}, and its place in the backward graph. Methods named
 * as PyTorch's, here and in {@link TensorOps}, do what PyTorch's do; they refuse with {@link TorchError} in its words.
 */
public final class Tensor extends TensorOps {
    private View view;
    private boolean requiresGrad;
    private Node gradFn;
    private int outputNr;
    private Tensor grad;
    private boolean retainsGrad;
    private AccumulateGrad accumulator;
    /** Whose memory this one looks at, if it was made as a view. */
    private ViewInfo viewed;
    /** Whether this is a Python number standing beside a tensor, which gives way in type promotion. */
    private boolean wrapped;
    /** Whether it would have a place in the graph had it not been made under {@code no_grad}. */
    private boolean madeUnderNoGrad;

    Tensor(View view) {
        this.view = view;
    }

    // Making tensors

    /** A tensor of these numbers in row-major order. */
    public static Tensor of(double[] values, int[] shape, DType type) {
        Shapes.check(shape, values.length);
        return new Tensor(View.contiguous(Backends.current().upload(type, values), shape));
    }

    /** An int64 tensor, exact to the last bit. */
    public static Tensor of(long[] values, int... shape) {
        Shapes.check(shape, values.length);
        return new Tensor(View.contiguous(Backends.current().upload(values), shape));
    }

    /** A float32 vector. */
    public static Tensor of(double... values) {
        return of(values, new int[] {values.length}, DType.FLOAT32);
    }

    /** A zero-dimensional tensor. */
    public static Tensor scalar(double value, DType type) {
        return new Tensor(View.scalar(Backends.current().scalar(type, value)));
    }

    /** A zero-dimensional float32 tensor. */
    public static Tensor scalar(double value) {
        return scalar(value, DType.FLOAT32);
    }

    public static Tensor full(int[] shape, double value, DType type) {
        View one = View.scalar(Backends.current().scalar(type, value));
        return value == 0 ? zeros(shape, type) : new Tensor(Movement.copy(one.expand(shape)));
    }

    public static Tensor zeros(int[] shape, DType type) {
        return new Tensor(View.contiguous(Backends.current().allocate(type, Shapes.numel(shape)), shape));
    }

    public static Tensor ones(int[] shape, DType type) {
        return full(shape, 1, type);
    }

    /** A Python number: it takes part in an op without deciding its type. Integers stay integers. */
    public static Tensor number(double value) {
        Tensor number = scalar(value, DType.FLOAT64);
        number.wrapped = true;
        return number;
    }

    public static Tensor number(long value) {
        Tensor number = of(new long[] {value});
        number.wrapped = true;
        return number;
    }

    // Reading

    public View view() {
        return view;
    }

    public DType dtype() {
        return view.buffer().dtype();
    }

    /** The extents; a copy. */
    public int[] shape() {
        return view.shape().clone();
    }

    public int dim() {
        return view.rank();
    }

    public int numel() {
        return view.numel();
    }

    public Meta meta() {
        return new Meta(view.shape(), dtype());
    }

    /** The only element as a number. */
    public double item() {
        if (numel() != 1) {
            throw TorchError.runtime("a Tensor with " + numel() + " elements cannot be converted to Scalar");
        }
        return Backends.current().item(view);
    }

    /** The elements in row-major order; a copy. */
    public double[] toDoubles() {
        return Backends.current().download(view);
    }

    /** The sum of the squares of the elements, in double: no finite number where an element is none. */
    public double squares() {
        return Backends.current().squares(view);
    }

    /** The elements of an int64 tensor in row-major order; a copy. */
    public long[] toLongs() {
        return Backends.current().downloadLongs(view);
    }

    boolean isWrapped() {
        return wrapped;
    }

    public boolean isContiguous() {
        return view.isContiguous();
    }

    /** How often the memory was written in place. */
    public int version() {
        return view.buffer().version();
    }

    // The backward graph

    public boolean requiresGrad() {
        return requiresGrad || gradFn != null || viewed != null && viewed.isFollowed() && viewed.base().requiresGrad();
    }

    /** Sets whether a leaf collects gradients. */
    public Tensor requiresGrad(boolean required) {
        if (!required && gradFn != null) {
            throw TorchError.runtime("you can only change requires_grad flags of leaf variables. If you want to use a "
                    + "computed variable in a subgraph that doesn't require differentiation use "
                    + "var_no_grad = var.detach().");
        }
        if (required && !dtype().isFloat()) {
            throw TorchError.runtime("only Tensors of floating point dtype can require gradients");
        }
        requiresGrad = required && gradFn == null;
        madeUnderNoGrad &= !required;
        return this;
    }

    /** Whether this tensor has no place in the graph because an op ran under {@code no_grad}. */
    public boolean madeUnderNoGrad() {
        return madeUnderNoGrad && gradFn == null;
    }

    void madeUnderNoGrad(boolean made) {
        madeUnderNoGrad = made;
    }

    /** Whether no node made this tensor. A view does not look for that whether its base has changed. */
    public boolean isLeaf() {
        return gradFn == null;
    }

    /** Whether a node made this tensor, without looking whether its base has changed. */
    boolean isInside() {
        return gradFn != null;
    }

    /** The node that made this tensor, as it was when last asked for. */
    Node lastGradFn() {
        return gradFn;
    }

    /** Whether this is a view whose place in the graph was found when its memory had that version. */
    boolean isFollowedAt(int version) {
        return viewed != null && viewed.isFollowed() && viewed.version() == version;
    }

    /**
     * The node that made this tensor, or null on a leaf. A view whose memory was written through its base or another
     * view since is from then on a part of what the base has become.
     */
    public Node gradFn() {
        if (viewed == null || !viewed.isFollowed() || viewed.version() == version()
                || gradFn == null && !viewed.base().requiresGrad()) {
            return gradFn;
        }
        viewed.check(this, true);
        try (var _ = GradMode.enableGrad()) {
            madeBy(AsStrided.node(viewed.base(), this), 0);
        }
        viewed.version(version());
        return gradFn;
    }

    public int outputNr() {
        return outputNr;
    }

    /** The accumulated gradient, or null. */
    public Tensor grad() {
        return grad;
    }

    /** Sets or clears the accumulated gradient. */
    public void grad(Tensor gradient) {
        if (gradient != null) {
            if (!java.util.Arrays.equals(gradient.view.shape(), view.shape())) {
                throw TorchError.runtime("assigned grad has data of a different size");
            }
            if (gradient.dtype() != dtype()) {
                throw TorchError.runtime("assigned grad has data of a different type");
            }
        }
        grad = gradient;
    }

    /** Asks that backward keeps this tensor's gradient although it is no leaf. */
    public void retainGrad() {
        if (!requiresGrad()) {
            throw TorchError.runtime("can't retain_grad on Tensor that has requires_grad=False");
        }
        if (!isLeaf() && !retainsGrad) {
            gradFn().hooks().retain(outputNr, this);
            retainsGrad = true;
        }
    }

    /**
     * Calls {@code hook} with the gradient of this tensor each time backward has found it, null where an op of several
     * outputs has none for this one.
     *
     * @param hook gives the gradient to go on with, of the same shape and type; null leaves it as it is
     * @throws TorchError where this tensor requires no gradient
     */
    public RemovableHandle registerHook(UnaryOperator<Tensor> hook) {
        return registerHook(Node.NAMELESS, hook);
    }

    /** The same under the name that a refusal calls it by. */
    public RemovableHandle registerHook(String name, UnaryOperator<Tensor> hook) {
        Node node = hookable();
        return node == null ? new RemovableHandle(null) : node.hooks().ofTensor(outputNr, name, hook);
    }

    /**
     * Calls {@code hook} with this leaf each time backward has added to its {@code .grad}.
     *
     * @throws TorchError where this tensor requires no gradient or is no leaf
     */
    public RemovableHandle registerPostAccumulateGradHook(Consumer<Tensor> hook) {
        Node node = hookable();
        if (!isLeaf()) {
            throw TorchError.runtime("post accumulate grad hooks cannot be registered on non-leaf tensors");
        }
        return node == null ? new RemovableHandle(null) : node.hooks().postAccumulate(hook);
    }

    /** The node whose incoming gradient is this tensor's; null on a view made under {@code no_grad}. */
    private Node hookable() {
        if (!requiresGrad()) {
            throw TorchError.runtime("cannot register a hook on a tensor that doesn't require gradient");
        }
        return gradientNode();
    }

    public boolean retainsGrad() {
        return retainsGrad;
    }

    /** The same memory outside the graph; the version is shared. */
    public Tensor detach() {
        Tensor same = new Tensor(view);
        same.viewed = new ViewInfo(this, ViewInfo.Made.DETACHED, version());
        return same;
    }

    /** The same memory outside the graph and with a version of its own: PyTorch's {@code .data}. */
    public Tensor data() {
        return new Tensor(new View(view.buffer().alias(), view.shape(), view.strides(), view.offset()));
    }

    /** The tensor this one is a view of, or null: PyTorch's {@code _base}. */
    public Tensor base() {
        return viewed != null && viewed.isFollowed() ? viewed.base() : null;
    }

    /** The tensor whose {@link #detach()} this one is, or null. */
    public Tensor detachedFrom() {
        return viewed == null || viewed.isFollowed() ? null : viewed.base();
    }

    /** Looks at a copy of its memory from now on. */
    void moveTo(Buffer copy) {
        view = new View(copy, view.shape(), view.strides(), view.offset());
    }

    /** How this tensor came to be a view, or null where it is none that autograd follows. */
    ViewInfo viewInfo() {
        return viewed != null && viewed.isFollowed() ? viewed : null;
    }

    /** The same memory as a view, which a {@link Function} that gives its input back gives instead. */
    Tensor alias() {
        Tensor same = new Tensor(view);
        same.viewOf(this, ViewInfo.Made.IN_FUNCTION);
        return same;
    }

    /** Says how a view came about, where that turns out later. */
    void remade(ViewInfo.Made made) {
        viewed = new ViewInfo(viewed.base(), made, version());
    }

    /** The node a gradient of this tensor is to go to, or null where none is wanted. */
    Node gradientNode() {
        Node made = gradFn();
        if (made != null) {
            return made;
        }
        if (requiresGrad && accumulator == null) {
            accumulator = new AccumulateGrad(this);
        }
        return requiresGrad ? accumulator : null;
    }

    /** Where a gradient of this tensor goes; its node is null where none is wanted. PyTorch's {@code GradientEdge}. */
    public Edge gradientEdge() {
        return edge();
    }

    /** Likewise, as an edge. */
    Edge edge() {
        Node node = gradientNode();
        return new Edge(node, outputNr);
    }

    void madeBy(Node node, int nr) {
        if (retainsGrad) {
            // What retain_grad keeps is the gradient of the tensor as it is last.
            gradFn.hooks().retain(outputNr, null);
            node.hooks().retain(nr, this);
        }
        gradFn = node;
        outputNr = nr;
        requiresGrad = false;
        accumulator = null;
    }

    void viewOf(Tensor other, ViewInfo.Made made) {
        ViewInfo chain = other.viewInfo();
        viewed = chain == null ? new ViewInfo(other, made, version())
                : new ViewInfo(chain.base(), made == ViewInfo.Made.PLAIN ? chain.made() : made, version());
    }

    /**
     * Adds to {@code .grad}. The object stays, as in PyTorch, but its memory is new, so that whoever kept the old
     * view still sees the old numbers.
     */
    void accumulate(Tensor gradient) {
        if (grad == null) {
            // Memory of its own: what arrived may be the caller's, or on its way to other leaves too.
            grad = gradient.dim() == 0 && !gradient.requiresGrad() && !Backends.areRecorded() ? scalar(gradient.item(), gradient.dtype())
                    : Layout.gradient(gradient, view);
        } else if (GradMode.isEnabled()) {
            grad = grad.add(gradient);
        } else {
            View sum = Layout.as(grad.add(gradient).view, grad.view.strides());
            sum.buffer().succeed(grad.view.buffer());
            grad.view = sum;
        }
    }

    /** Adds to the {@code .grad} that {@code retain_grad} asked for: unlike a leaf's it is a new tensor each time. */
    void retain(Tensor gradient) {
        grad = grad == null ? Movement.CONTIGUOUS.call(gradient) : grad.add(gradient);
    }

    /** Backpropagates from this tensor, which must have one element, into the leaves' {@code .grad}. */
    public void backward() {
        backward(null, false, false);
    }

    /**
     * Backpropagates from this tensor into the leaves' {@code .grad}.
     *
     * @param gradient the gradient of this tensor, of its shape; null means 1 and needs a single element
     */
    public void backward(Tensor gradient, boolean retainGraph, boolean createGraph) {
        Autograd.backward(List.of(this), java.util.Collections.singletonList(gradient), retainGraph, createGraph,
                null);
    }

    // In place: each method writes into this tensor's memory

    /** Writes a result of this tensor's shape into its memory, converting the type. */
    void write(View result) {
        Backends.current().run(Kernel.COPY, view, result);
    }

    public Tensor add_(Tensor other) {
        return InPlace.apply(Pointwise.ADD, Attrs.NONE, this, other);
    }

    public Tensor add_(double other) {
        return add_(number(other));
    }

    public Tensor sub_(Tensor other) {
        return InPlace.apply(Pointwise.SUB, Attrs.NONE, this, other);
    }

    public Tensor sub_(double other) {
        return sub_(number(other));
    }

    public Tensor mul_(Tensor other) {
        return InPlace.apply(Pointwise.MUL, Attrs.NONE, this, other);
    }

    public Tensor mul_(double other) {
        return mul_(number(other));
    }

    public Tensor div_(Tensor other) {
        return InPlace.apply(Pointwise.DIV, Attrs.NONE, this, other);
    }

    public Tensor div_(double other) {
        return div_(number(other));
    }

    public Tensor pow_(double exponent) {
        return InPlace.apply(Pointwise.POW, Attrs.of("exponent", exponent), this);
    }

    public Tensor relu_() {
        return InPlace.apply(Pointwise.RELU, Attrs.NONE, this);
    }

    public Tensor sigmoid_() {
        return InPlace.apply(Pointwise.SIGMOID, Attrs.NONE, this);
    }

    public Tensor exp_() {
        return InPlace.apply(Pointwise.EXP, Attrs.NONE, this);
    }

    /** Limits each element in place; null leaves that side open. */
    public Tensor clamp_(Double min, Double max) {
        return InPlace.apply(Pointwise.CLAMP, Attrs.of("min", min, "max", max), this);
    }

    public Tensor zero_() {
        return InPlace.zero(this);
    }

    public Tensor fill_(double value) {
        return InPlace.fill(this, value);
    }

    /** {@code x[i, j, ...] = value} with tensors of integers or truths. */
    public Tensor index_put_(Tensor value, Tensor... indices) {
        return InPlace.apply(Indexing.INDEX_PUT, Attrs.NONE, this, Joining.behind(indices, value));
    }

    public Tensor copy_(Tensor source) {
        return InPlace.copy(this, source);
    }

    /**
     * Sums over what broadcasting repeated, so that the result has that shape. Works on this tensor's own graph, so it
     * can be differentiated again.
     */
    Tensor sumTo(int[] shape) {
        int[] from = view.shape();
        if (java.util.Arrays.equals(from, shape)) {
            return this;
        }
        int[] dims = new int[from.length];
        int count = 0;
        int extra = from.length - shape.length;
        for (int d = 0; d < from.length; d++) {
            if (d < extra || (shape[d - extra] == 1 && from[d] != 1)) {
                dims[count++] = d;
            }
        }
        Tensor sum = count == 0 ? this : sum(true, java.util.Arrays.copyOf(dims, count));
        return extra == 0 ? sum : sum.viewAs(shape);
    }

    static Buffer allocate(DType type, int[] shape) {
        return Backends.current().allocate(type, Shapes.numel(shape));
    }
}
