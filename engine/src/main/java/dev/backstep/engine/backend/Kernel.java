package dev.backstep.engine.backend;

/**
 * The structural computations a backend knows beside pointwise formulas. A backend's switch over them is exhaustive.
 * Unless said otherwise inputs and outputs may be strided, and the output is overwritten.
 */
public enum Kernel {
    /** out = in, converting the type. */
    COPY,
    /** out(i) = the sum of in where out's view has stride 0; out is written as if it began at 0. Type as out's. */
    SUM,
    /** The product likewise. */
    PROD,
    /**
     * out = in, an image after the other, each element the sum over the windows that hold it: out is the view of what
     * windows see ({@link Sliding}), of the shape of in, and the images under it are written whole.
     */
    FOLD,
    /** The largest element over the dimensions of in that out has not, the last ones; a NaN wins. */
    MAX,
    /** The smallest element likewise; a NaN wins. */
    MIN,
    /** int64: the place of the first largest element in these dimensions, in row-major order; a NaN wins. */
    ARGMAX,
    /** int64: the place of the first smallest element likewise; a NaN wins. */
    ARGMIN,
    /** Running sums along the last dimension. */
    CUMSUM,
    /** The softmax along the last dimension of in, which is of a floating type, as out is. */
    SOFTMAX,
    /** Its logarithm likewise. */
    LOG_SOFTMAX,
    /** The gradient by what a softmax was taken of: in0 is that of its result, in1 the result. Types as above. */
    SOFTMAX_BACKWARD,
    /** Likewise of the logarithm. */
    LOG_SOFTMAX_BACKWARD,
    /**
     * out[b, i, j] = sum over k of in0[b, i, k] in1[b, k, j]. The k and the j of in1 may each be several dimensions,
     * as those of windows over images are ({@link Factor}).
     */
    MATMUL,
    /** out[i] = in0[in1[i]]: a flat, contiguous source; int64 places that were checked. */
    GATHER,
    /** out = 0, then out[in1[i]] += in0[i]: a flat, contiguous target; int64 places that were checked. */
    SCATTER_ADD,
    /** out[in1[i]] = in0[i], the rest of out as it was; a flat, contiguous target; int64 places that were checked. */
    SCATTER,
    /**
     * int64: words of a {@link MersenneTwister} before they are tempered: the first 624 are in's, the others follow
     * from those before. Both flat and contiguous.
     */
    TWIST,
    /**
     * out[i] = 1 where the 53 bits of words 2 i and 2 i + 1 of in0, tempered, are below those of in1's two words, which
     * are not tempered, else 0; see {@link Bernoulli}. All flat and contiguous; int64 words.
     */
    BERNOULLI
}
