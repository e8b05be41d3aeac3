package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;

/** The methods of a {@link Tensor} that are ops, by PyTorch's names. */
abstract sealed class TensorOps permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    public Tensor add(Tensor other) {
        return Pointwise.ADD.call(self(), other);
    }

    public Tensor add(double other) {
        return add(Tensor.number(other));
    }

    public Tensor add(long other) {
        return add(Tensor.number(other));
    }

    public Tensor sub(Tensor other) {
        return Pointwise.SUB.call(self(), other);
    }

    public Tensor sub(double other) {
        return sub(Tensor.number(other));
    }

    public Tensor sub(long other) {
        return sub(Tensor.number(other));
    }

    public Tensor mul(Tensor other) {
        return Pointwise.MUL.call(self(), other);
    }

    public Tensor mul(double other) {
        return mul(Tensor.number(other));
    }

    public Tensor mul(long other) {
        return mul(Tensor.number(other));
    }

    public Tensor div(Tensor other) {
        return Pointwise.DIV.call(self(), other);
    }

    public Tensor div(double other) {
        return div(Tensor.number(other));
    }

    public Tensor div(long other) {
        return div(Tensor.number(other));
    }

    public Tensor neg() {
        return Pointwise.NEG.call(self());
    }

    public Tensor pow(double exponent) {
        return Pointwise.POW.call(Attrs.of("exponent", exponent), self());
    }

    public Tensor pow(long exponent) {
        return Pointwise.POW.call(Attrs.of("exponent", exponent), self());
    }

    public Tensor pow(Tensor exponent) {
        return Pointwise.POW_TENSOR.call(self(), exponent);
    }

    public Tensor exp() {
        return Pointwise.EXP.call(self());
    }

    public Tensor log() {
        return Pointwise.LOG.call(self());
    }

    public Tensor sqrt() {
        return Pointwise.SQRT.call(self());
    }

    public Tensor sin() {
        return Pointwise.SIN.call(self());
    }

    public Tensor cos() {
        return Pointwise.COS.call(self());
    }

    public Tensor tanh() {
        return Pointwise.TANH.call(self());
    }

    public Tensor sigmoid() {
        return Pointwise.SIGMOID.call(self());
    }

    public Tensor relu() {
        return Pointwise.RELU.call(self());
    }

    public Tensor abs() {
        return Pointwise.ABS.call(self());
    }

    public Tensor sign() {
        return Pointwise.SIGN.call(self());
    }

    public Tensor square() {
        return pow(2L);
    }

    public Tensor eq(Tensor other) {
        return Pointwise.EQ.call(self(), other);
    }

    public Tensor eq(double other) {
        return eq(Tensor.number(other));
    }

    public Tensor ne(Tensor other) {
        return Pointwise.NE.call(self(), other);
    }

    public Tensor ne(double other) {
        return ne(Tensor.number(other));
    }

    public Tensor gt(Tensor other) {
        return Pointwise.GT.call(self(), other);
    }

    /** {@code torch.where(this, yes, no)}. */
    public Tensor where(Tensor yes, Tensor no) {
        return Pointwise.WHERE.call(self(), yes, no);
    }

    /** {@code clone}: the same numbers in memory of their own, which lies as this tensor's does. */
    public Tensor copy() {
        return Movement.CLONE.call(self());
    }

    /** This tensor in row-major order, itself where it is so already. */
    public Tensor contiguous() {
        return self().isContiguous() ? self() : Movement.CONTIGUOUS.call(self());
    }

    /** This tensor in that type, itself where it has it already. */
    public Tensor to(DType type) {
        return type == self().dtype() ? self() : Movement.TO.call(Attrs.of("dtype", type), self());
    }

    public Tensor sum() {
        return Reductions.SUM.call(self());
    }

    public Tensor sum(boolean keepdim, int... dims) {
        return Reductions.SUM.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    public Tensor mean() {
        return Reductions.MEAN.call(self());
    }

    public Tensor mean(boolean keepdim, int... dims) {
        return Reductions.MEAN.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    public Tensor prod() {
        return Reductions.PROD.call(self());
    }

    public Tensor prod(int dim, boolean keepdim) {
        return Reductions.PROD.call(Attrs.of("dim", dim, "keepdim", keepdim), self());
    }

    public Tensor var() {
        return Reductions.VAR.call(self());
    }

    public Tensor var(boolean keepdim, int... dims) {
        return Reductions.VAR.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    public Tensor std() {
        return Reductions.STD.call(self());
    }

    public Tensor std(boolean keepdim, int... dims) {
        return Reductions.STD.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    /** The Euclidean norm of all elements. */
    public Tensor norm() {
        return Reductions.NORM.call(self());
    }

    public Tensor norm(double p, boolean keepdim, int... dims) {
        return Reductions.NORM.call(Attrs.of("p", p, "dim", dims, "keepdim", keepdim), self());
    }

    public Tensor logsumexp(boolean keepdim, int... dims) {
        return Softmax.LOGSUMEXP.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    public Tensor softmax(int dim) {
        return Softmax.SOFTMAX.call(Attrs.of("dim", dim), self());
    }

    public Tensor logSoftmax(int dim) {
        return Softmax.LOG_SOFTMAX.call(Attrs.of("dim", dim), self());
    }

    public Tensor any() {
        return Reductions.ANY.call(self());
    }

    public Tensor any(boolean keepdim, int... dims) {
        return Reductions.ANY.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    public Tensor all() {
        return Reductions.ALL_TRUE.call(self());
    }

    public Tensor all(boolean keepdim, int... dims) {
        return Reductions.ALL_TRUE.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    public Tensor max() {
        return Extremes.MAX.call(self());
    }

    /** Values and places. */
    public Tensor[] max(int dim, boolean keepdim) {
        return Extremes.MAX_DIM.apply(Attrs.of("dim", dim, "keepdim", keepdim), self());
    }

    public Tensor min() {
        return Extremes.MIN.call(self());
    }

    /** Values and places. */
    public Tensor[] min(int dim, boolean keepdim) {
        return Extremes.MIN_DIM.apply(Attrs.of("dim", dim, "keepdim", keepdim), self());
    }

    public Tensor amax(boolean keepdim, int... dims) {
        return Extremes.AMAX.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    public Tensor amin(boolean keepdim, int... dims) {
        return Extremes.AMIN.call(Attrs.of("dim", dims, "keepdim", keepdim), self());
    }

    /** The place of the largest among all elements. */
    public Tensor argmax() {
        return Extremes.ARGMAX.call(self());
    }

    public Tensor argmax(int dim, boolean keepdim) {
        return Extremes.ARGMAX.call(Attrs.of("dim", dim, "keepdim", keepdim), self());
    }

    /** The place of the smallest among all elements. */
    public Tensor argmin() {
        return Extremes.ARGMIN.call(self());
    }

    public Tensor argmin(int dim, boolean keepdim) {
        return Extremes.ARGMIN.call(Attrs.of("dim", dim, "keepdim", keepdim), self());
    }

    public Tensor cumsum(int dim) {
        return Reductions.CUMSUM.call(Attrs.of("dim", dim), self());
    }

    public Tensor matmul(Tensor other) {
        return Linalg.MATMUL.call(self(), other);
    }

    public Tensor mv(Tensor vector) {
        return Linalg.MV.call(self(), vector);
    }

    public Tensor dot(Tensor vector) {
        return Linalg.DOT.call(self(), vector);
    }

    public Tensor outer(Tensor vector) {
        return Linalg.OUTER.call(self(), vector);
    }

    public Tensor bmm(Tensor other) {
        return Linalg.BMM.call(self(), other);
    }

    /** {@code this + mat1 @ mat2}. */
    public Tensor addmm(Tensor mat1, Tensor mat2) {
        return Linalg.ADDMM.call(self(), mat1, mat2);
    }

    public Tensor mm(Tensor other) {
        return Linalg.MM.call(self(), other);
    }

    public Tensor expand(int... shape) {
        return Movement.EXPAND.call(Attrs.of("size", shape), self());
    }

    /** One extent may be -1 and is then what is left. */
    public Tensor reshape(int... shape) {
        return Movement.RESHAPE.call(Attrs.of("shape", shape), self());
    }

    /** {@link #reshape} without ever copying; refuses where the strides do not allow it. */
    public Tensor viewAs(int... shape) {
        return Movement.VIEW.call(Attrs.of("size", shape), self());
    }

    public Tensor transpose(int a, int b) {
        return Movement.TRANSPOSE.call(Attrs.of("dim0", a, "dim1", b), self());
    }

    /** The matrix transposed: {@code t()}. */
    public Tensor t() {
        return Movement.T.call(self());
    }

    /** The last two dimensions swapped. */
    public Tensor mT() {
        return transpose(-2, -1);
    }

    /** All dimensions reversed: {@code x.T}. */
    public Tensor numpyT() {
        return Movement.NUMPY_T.call(self());
    }

    public Tensor flatten() {
        return Movement.FLATTEN.call(self());
    }

    public Tensor flatten(int startDim, int endDim) {
        return Movement.FLATTEN.call(Attrs.of("start_dim", startDim, "end_dim", endDim), self());
    }

    public Tensor permute(int... dims) {
        return Movement.PERMUTE.call(Attrs.of("dims", dims), self());
    }

    public Tensor unsqueeze(int dim) {
        return Movement.UNSQUEEZE.call(Attrs.of("dim", dim), self());
    }

    public Tensor squeeze(int dim) {
        return Movement.SQUEEZE.call(Attrs.of("dim", dim), self());
    }

    public Tensor flip(int... dims) {
        return Movement.FLIP.call(Attrs.of("dims", dims), self());
    }

    /**
     * {@code torch.dropout}: while training, elements become 0 with probability {@code p} and the others are scaled by
     * 1 / (1 - p); the mask is drawn from the generator.
     */
    public Tensor dropout(double p, boolean training, Generator generator) {
        return Layers.dropout(self(), p, training, generator);
    }

    /** {@code x[:, ..., index]} at that dimension, which goes. */
    public Tensor select(int dim, int index) {
        return Indexing.SELECT.call(Attrs.of("dim", dim, "index", index), self());
    }

    /** {@code x[:, ..., start:end:step]} at that dimension. */
    public Tensor slice(int dim, int start, int end, int step) {
        return Indexing.SLICE.call(Attrs.of("dim", dim, "start", start, "end", end, "step", step), self());
    }

    /** {@code x[i, j, ...]}: tensors of integers or truths, from the first dimension on. */
    public Tensor index(Tensor... indices) {
        return Indexing.INDEX.call(Joining.behind(indices, self()));
    }

    public Tensor gather(int dim, Tensor index) {
        return Indexing.GATHER.call(Attrs.of("dim", dim), self(), index);
    }

    public Tensor[] split(int size, int dim) {
        return Joining.SPLIT.apply(Attrs.of("split_size_or_sections", size, "dim", dim), self());
    }

    public Tensor[] split(int[] sizes, int dim) {
        return Joining.SPLIT.apply(Attrs.of("split_size_or_sections", sizes, "dim", dim), self());
    }

    public Tensor[] chunk(int chunks, int dim) {
        return Joining.CHUNK.apply(Attrs.of("chunks", chunks, "dim", dim), self());
    }

    public static Tensor cat(int dim, Tensor... tensors) {
        return Joining.CAT.call(Attrs.of("dim", dim), tensors);
    }

    public static Tensor stack(int dim, Tensor... tensors) {
        return Joining.STACK.call(Attrs.of("dim", dim), tensors);
    }
}
