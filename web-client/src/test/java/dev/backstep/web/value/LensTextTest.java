package dev.backstep.web.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.lens.Origins;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LensTextTest {
    private static String general(String type, int input, int... ranks) {
        List<String> names = ranks.length == 2 ? List.of("a", "b", "y") : List.of("a", "b", "c", "y");
        return LensText.general(Ops.find(type), input, names, ranks);
    }

    @Test
    void productsInGeneral() {
        assertEquals("da[i,k] = Σⱼ dy[i,j]·b[k,j]", general("matmul", 0, 2, 2));
        assertEquals("db[k,j] = Σᵢ a[i,k]·dy[i,j]", general("matmul", 1, 2, 2));
        assertEquals("da[i,k] = dy[i]·b[k]", general("mv", 0, 2, 1));
        assertEquals("db[k] = Σᵢ a[i,k]·dy[i]", general("mv", 1, 2, 1));
        assertEquals("da[k] = dy·b[k]", general("dot", 0, 1, 1));
        assertEquals("da[i] = Σⱼ dy[i,j]·b[j]", general("outer", 0, 1, 1));
        assertEquals("da[…,i,k] = Σⱼ dy[…,i,j]·b[…,k,j]", general("bmm", 0, 3, 3));
        assertEquals("db[j,k] = Σᵢ a[i,k]·dy[i,j]", general("linear", 1, 2, 2));
        assertEquals("db[i,k] = α·Σⱼ dy[i,j]·c[k,j]", general("addmm", 1, 2, 2, 2));
        assertNull(general("addmm", 0, 2, 2, 2));
        assertNull(general("add", 0, 2, 2));
    }

    private static Origins.Sum sum(Op op, Attrs attrs, int element, Tensor incoming, Tensor... in) {
        return new Origins(op, attrs, List.of(in), List.of(op.apply(attrs, in))).of(0, element, List.of(incoming));
    }

    @Test
    void oneElementWrittenOut() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, new int[] {2, 2}, DType.FLOAT32);
        Tensor w = Tensor.of(new double[] {5, -6, 7, 8}, new int[] {2, 2}, DType.FLOAT32);
        Origins.Sum product = sum(Ops.find("mm"), Attrs.NONE, 2, Tensor.ones(new int[] {2, 2}, DType.FLOAT32), x, w);
        List<int[]> shapes = List.of(x.shape(), w.shape());
        assertEquals("dy[1,0]·w[0,0] + dy[1,1]·w[0,1]", LensText.symbols(product, List.of("x", "w"), shapes,
                List.of("y"), List.of(x.shape())));
        assertEquals("1·5 + 1·(-6)", LensText.numbers(product));
        // Where every factor is 1 only the gradients are left.
        Origins.Sum total = sum(Ops.find("sum"), Attrs.NONE, 3, Tensor.scalar(2), x);
        assertEquals("dy", LensText.symbols(total, List.of("x"), shapes, List.of("y"), List.of(new int[0])));
        assertEquals("2", LensText.numbers(total));
    }

    @Test
    void aLongSumIsCut() {
        Tensor x = Tensor.scalar(1, DType.FLOAT32);
        Attrs size = Attrs.of("size", new int[] {9});
        Origins.Sum sum = sum(Ops.find("expand"), size, 0, Tensor.ones(new int[] {9}, DType.FLOAT32), x);
        assertEquals("1 + 1 + 1 + 1 + 1 + 1 + … (9)", LensText.numbers(sum));
    }
}
