package dev.backstep.web.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0", "-0.0, 0", "3, 3", "-3, -3", "0.5, 0.5", "1.080605, 1.0806", "0.99995, 1", "12.34567, 12.346",
        "123.456, 123.46", "1234.56, 1234.6", "0.0001234, 0.0001", "0.00001234, 1.234e-5", "1234567, 1.235e6",
        "9999999, 1e7", "-0.00002, -2e-5", "NaN, nan", "Infinity, inf", "-Infinity, -inf",
    })
    void isShort(double value, String text) {
        assertEquals(text, NumberText.of(value));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.0353, 0.035", "1.2345, 1.23", "-12.345, -12.3", "1234.5, 1235", "123456, 1.2e5",
        "0.00012, 1.2e-4", "Infinity, inf"})
    void isBriefer(double value, String text) {
        assertEquals(text, NumberText.brief(value));
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.1", "-0.0, -0", "1e300, 1.0e300", "2, 2", "0.30000000000000004, 0.30000000000000004"})
    void isExactWhereItMustReadBack(double value, String text) {
        assertEquals(text, NumberText.exact(value));
        assertEquals(value, Double.parseDouble(text));
    }
}
