package dev.backstep.engine.formula;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.formula.FormulaException.Code;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {
    private static final List<String> NAMES = List.of("x", "w", "g");

    private final Tensor x = Tensor.of(new double[] {1, -2, 3}, new int[] {3}, DType.FLOAT64).requiresGrad(true);
    private final Tensor w = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, new int[] {2, 3}, DType.FLOAT64);

    private Tensor value(String text) {
        return Formula.read(text, NAMES).values(x, w, null)[0];
    }

    /** Binding and meaning as Python has them; the numbers are plain arithmetic. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-x ** 2                         | -1, -4, -9",
        "2 * x + 1                       | 3, -3, 7",
        "x - 1 - 1                       | -1, -4, 1",
        "2 - x                           | 1, 4, -1",
        "6 / x                           | 6, -3, 2",
        "2 ** x                          | 2, 0.25, 8",
        "x ** -1 ** 2                    | 1, -0.5, 0.3333333333333333",
        "(x > 0) * x                     | 1, 0, 3",
        "torch.relu(x)                   | 1, 0, 3",
        "torch.nn.functional.relu(x)     | 1, 0, 3",
        "x.relu().neg()                  | -1, 0, -3",
        "max(x, 0 * x)                   | 1, 0, 3",
        "torch.where(x > 0, x, 0.5)      | 1, 0.5, 3",
        "x.clamp(min=-1, max=2)          | 1, -1, 2",
        "clamp(x, -1, 2)                 | 1, -1, 2",
        "w @ x                           | 6, 12",
        "w.sum(dim=1)                    | 6, 15",
        "w.sum(1, True)                  | 6, 15",
        "w.T[0]                          | !",
        "w.t().sum(0)                    | 6, 15",
        "w.mT.sum(0)                     | 6, 15",
        "w.reshape(3, 2).sum(1)          | 3, 7, 11",
        "w.reshape((3, 2)).sum(dim=(0,)) | 9, 12",
        "torch.cat([x, x], dim=0)        | 1, -2, 3, 1, -2, 3",
        "x + 1e-3 * 0 + 2.5e0 * 2        | 6, 3, 8",
        "math.pi * 0 + x                 | 1, -2, 3",
        "torch.leaky_relu(x, 0.5)        | 1, -1, 3"})
    void means(String text, String expected) {
        if (expected.equals("!")) {
            assertEquals(Code.SYNTAX, assertThrows(FormulaException.class, () -> value(text)).code());
            return;
        }
        double[] numbers = java.util.Arrays.stream(expected.split(",")).mapToDouble(Double::parseDouble).toArray();
        assertArrayEquals(numbers, value(text).toDoubles(), 1e-12);
        Meta meta = Formula.read(text, NAMES).metas(x.meta(), w.meta(), x.meta())[0];
        assertArrayEquals(value(text).shape(), meta.shape());
        assertEquals(value(text).dtype(), meta.dtype());
    }

    /** A Python number on the left makes the nodes that PyTorch makes. */
    @ParameterizedTest
    @CsvSource({"2 - x,RsubBackward1", "2 / x,MulBackward0", "2 ** x,PowBackward2", "x ** 2,PowBackward0",
        "x ** x,PowBackward1", "-x ** 2,NegBackward0", "x.sum(),SumBackward0", "x.sum(0),SumBackward1"})
    void recordsAsPyTorchDoes(String text, String node) {
        assertEquals(node, value(text).gradFn().name());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "x +          | SYNTAX    | 4",
        "(x           | SYNTAX    | 3",
        "x x          | SYNTAX    | 3",
        "x $ 2        | SYNTAX    | 3",
        "y + 1        | NAME      | y",
        "x.foo()      | FUNCTION  | foo",
        "foo(x)       | FUNCTION  | foo",
        "x.max(0)     | ARGUMENTS | max",
        "sum(x, dim=x)| ARGUMENTS | sum",
        "exp(1)       | ARGUMENTS | exp",
        "exp(x, x)    | ARGUMENTS | exp",
        "x * None     | ARGUMENTS | mul"})
    void saysWhatIsWrong(String text, Code code, String first) {
        FormulaException refused = assertThrows(FormulaException.class, () -> Formula.read(text, NAMES).metas(
                x.meta(), w.meta(), x.meta()));
        assertEquals(code, refused.code());
        assertEquals(first, refused.arguments().getFirst());
    }

    @Test
    void boundsLengthAndDepth() {
        String deep = "(".repeat(500) + "x" + ")".repeat(500);
        assertEquals(Code.TOO_LONG, assertThrows(FormulaException.class, () -> Formula.read(deep, NAMES)).code());
        String signs = "-".repeat(1900) + "x";
        assertEquals(Code.TOO_LONG, assertThrows(FormulaException.class, () -> Formula.read(signs, NAMES)).code());
        String powers = "x" + "**x".repeat(600);
        assertEquals(Code.TOO_LONG, assertThrows(FormulaException.class, () -> Formula.read(powers, NAMES)).code());
        String text = "x+".repeat(1001) + "x";
        assertEquals(Code.TOO_LONG, assertThrows(FormulaException.class, () -> Formula.read(text, NAMES)).code());
    }

    @Test
    void severalExpressionsAndWhatTheyRead() {
        Formula formula = Formula.read("g * w, None", NAMES);
        assertEquals(2, formula.size());
        assertTrue(formula.reads(1));
        assertFalse(formula.reads(0));
        Tensor[] values = formula.values(null, w, w);
        assertArrayEquals(new double[] {1, 4, 9, 16, 25, 36}, values[0].toDoubles());
        assertNull(values[1]);
    }
}
