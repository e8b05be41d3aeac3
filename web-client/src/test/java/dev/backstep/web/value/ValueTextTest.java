package dev.backstep.web.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | 2",
        " -1.5e-3 | -0.0015",
        "−4 | -4",
        "inf | inf",
        "-inf | -inf",
        "nan | nan",
        "True | 1",
        "[1, 2, 3] | [1, 2, 3]",
        "1, 2, 3 | [1, 2, 3]",
        "(1, 2,) | [1, 2]",
        "[[1,2],[3,4]] | [[1, 2], [3, 4]]",
        "[] | []",
        "tensor([1., 2.]) | [1, 2]",
        "torch.ones(2, 2) | [[1, 1], [1, 1]]",
        "ones((2, 1)) | [[1], [1]]",
        "zeros(3) | [0, 0, 0]",
        "full(2, 0.5) | [0.5, 0.5]",
        "full((1, 2), 7) | [[7, 7]]",
        "eye(2) | [[1, 0], [0, 1]]",
        "arange(3) | [0, 1, 2]",
        "arange(1, 2, 0.25) | [1, 1.25, 1.5, 1.75]",
        "linspace(0, 1, 3) | [0, 0.5, 1]",
        "[ones(2), zeros(2)] | [[1, 1], [0, 0]]",
    })
    void readsWhatPeopleType(String typed, String value) throws ValueException {
        assertEquals(value, ValueText.write(ValueText.read(typed)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'' | value.error.empty",
        "[1, 2 | value.error.open",
        "[1, | value.error.ends",
        "1 2 | value.error.unexpected",
        "1.2.3 | value.error.unexpected",
        "[1, [2]] | value.error.mixed",
        "[[1, 2], [3]] | value.error.ragged",
        "hello | value.error.word",
        "hello(2) | value.error.word",
        "ones(-1) | value.error.extent",
        "ones(1.5) | value.error.extent",
        "ones([[1]]) | value.error.arguments",
        "zeros(1000, 1000) | value.error.large",
        "[[[[[[[[[1]]]]]]]]] | value.error.deep",
        "arange() | value.error.arguments",
        "1, , 2 | value.error.unexpected",
        "\"<b>\" | value.error.unexpected",
    })
    void saysWhatIsWrong(String typed, String key) {
        assertEquals(key, assertThrows(ValueException.class, () -> ValueText.read(typed)).key());
    }

    @Test
    void writesWhatItReads() throws ValueException {
        Object value = List.of(List.of(0.1, -2.0), List.of(1e-20, Double.POSITIVE_INFINITY));
        assertEquals(value, ValueText.read(ValueText.write(value)));
    }
}
