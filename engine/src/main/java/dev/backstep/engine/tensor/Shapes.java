package dev.backstep.engine.tensor;

import java.util.Arrays;

/** Rules about shapes that ops share, refusing in PyTorch's words. */
final class Shapes {
    private Shapes() {
    }

    /** Number of elements. Refuses shapes that no memory here can hold. */
    static int numel(int[] shape) {
        long n = 1;
        for (int extent : shape) {
            if (extent < 0) {
                throw TorchError.runtime("Trying to create tensor with negative dimension " + extent + ": "
                        + Arrays.toString(shape));
            }
            n *= extent;
            if (n > Integer.MAX_VALUE) {
                throw TorchError.runtime("a tensor of shape " + Arrays.toString(shape)
                        + " is too large: at most 2147483647 elements");
            }
        }
        return (int) n;
    }

    static void check(int[] shape, int length) {
        if (numel(shape) != length) {
            throw TorchError.runtime("shape '" + Arrays.toString(shape) + "' is invalid for input of size " + length);
        }
    }

    /** The shape both broadcast to. */
    static int[] broadcast(int[] a, int[] b) {
        if (a == b || b.length == 0 || Arrays.equals(a, b)) {
            return a;
        }
        if (a.length == 0) {
            return b;
        }
        int rank = Math.max(a.length, b.length);
        int[] shape = new int[rank];
        for (int i = rank - 1; i >= 0; i--) {
            int left = i - rank + a.length;
            int right = i - rank + b.length;
            int x = left < 0 ? 1 : a[left];
            int y = right < 0 ? 1 : b[right];
            if (x != y && x != 1 && y != 1) {
                throw TorchError.runtime("The size of tensor a (" + x + ") must match the size of tensor b (" + y
                        + ") at non-singleton dimension " + i);
            }
            shape[i] = x == 1 ? y : x;
        }
        return shape;
    }

    /** Whether broadcasting may have made {@code from} of {@code to}, so that a gradient can be summed back. */
    static boolean sumsTo(int[] from, int[] to) {
        boolean possible = to.length <= from.length;
        for (int i = 1; i <= to.length && possible && from != to; i++) {
            possible = to[to.length - i] == 1 || to[to.length - i] == from[from.length - i];
        }
        return possible;
    }

    /** A dimension counted from the front; a scalar counts as having one. */
    static int dim(int dim, int rank) {
        int range = Math.max(rank, 1);
        if (dim < -range || dim >= range) {
            throw TorchError.index("Dimension out of range (expected to be in range of [" + -range + ", "
                    + (range - 1) + "], but got " + dim + ")");
        }
        return dim < 0 ? dim + range : dim;
    }

    /** Which dimensions a list names; none named means all. */
    static boolean[] dims(int[] dims, int rank) {
        boolean[] named = new boolean[rank];
        if (dims == null || dims.length == 0) {
            Arrays.fill(named, true);
            return named;
        }
        boolean[] seen = new boolean[Math.max(rank, 1)];
        for (int d : dims) {
            int dim = dim(d, rank);
            if (seen[dim]) {
                throw TorchError.runtime("dim " + dim + " appears multiple times in the list of dims");
            }
            seen[dim] = true;
            if (rank > 0) {
                named[dim] = true;
            }
        }
        return named;
    }

    /** The shape after a reduction. */
    static int[] reduced(int[] shape, boolean[] reduce, boolean keepdim) {
        int[] result = new int[shape.length];
        int rank = 0;
        for (int d = 0; d < shape.length; d++) {
            if (!reduce[d]) {
                result[rank++] = shape[d];
            } else if (keepdim) {
                result[rank++] = 1;
            }
        }
        return Arrays.copyOf(result, rank);
    }

    static int[] without(int[] shape, int dim) {
        int[] result = new int[shape.length - 1];
        System.arraycopy(shape, 0, result, 0, dim);
        System.arraycopy(shape, dim + 1, result, dim, shape.length - dim - 1);
        return result;
    }

    static int[] with(int[] shape, int dim, int extent) {
        int[] result = new int[shape.length + 1];
        System.arraycopy(shape, 0, result, 0, dim);
        result[dim] = extent;
        System.arraycopy(shape, dim, result, dim + 1, shape.length - dim);
        return result;
    }

    /** A wished shape with its one -1, if any, filled in. */
    static int[] fill(int[] wish, int numel) {
        int[] shape = wish.clone();
        int open = -1;
        long known = 1;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == -1) {
                if (open >= 0) {
                    throw TorchError.runtime("only one dimension can be inferred");
                }
                open = d;
            } else if (shape[d] < 0) {
                throw TorchError.runtime("invalid shape dimension " + shape[d] + " at index " + d + " of shape "
                        + Arrays.toString(wish));
            } else {
                known *= shape[d];
            }
        }
        if (open >= 0 && known > 0 && numel % known == 0) {
            shape[open] = (int) (numel / known);
        } else if (open >= 0 && known == 0 && numel == 0) {
            throw TorchError.runtime("cannot reshape tensor of 0 elements into shape " + Arrays.toString(wish)
                    + " because the unspecified dimension size -1 can be any value and is ambiguous");
        } else if (open >= 0 || known != numel) {
            throw TorchError.runtime("shape '" + Arrays.toString(wish) + "' is invalid for input of size " + numel);
        }
        return shape;
    }
}
