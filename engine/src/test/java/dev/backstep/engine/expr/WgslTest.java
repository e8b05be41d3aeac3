package dev.backstep.engine.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shape of the code; the numbers it gives are compared with the CPU's in the browser. */
class WgslTest {
    private static final Set<String> BUILT_IN = Set.of("bitcast", "select", "floor", "round", "sqrt", "inverseSqrt",
            "abs", "clamp", "min", "f32", "u32", "i32", "vec2", "countLeadingZeros", "array", "if", "return",
            "QuarterTurns");
    private static final Pattern CALL = Pattern.compile("\\b([A-Za-z_][A-Za-z_0-9]*)(?:<[^>(]*>)?\\(");
    private static final Pattern FUNCTION = Pattern.compile("\\bfn ([a-z_0-9]+)\\(");

    private static Wgsl of(Expr... formulas) {
        return new Wgsl(List.of(formulas), i -> "a" + i, name -> name);
    }

    @Test
    void equalSubformulasAreComputedOnce() {
        Expr tanh = Expr.call(Fn.TANH, Expr.arg(0).times(Expr.arg(1)));
        Expr again = Expr.call(Fn.TANH, Expr.arg(0).times(Expr.arg(1)));
        Wgsl code = of(tanh, Expr.ONE.minus(again.square()));
        assertEquals("""
                let t0 = a0 * a1;
                let t1 = fn_tanh(t0);
                let t2 = t1 * t1;
                let t3 = 1.0 - t2;
                """, code.statements());
        assertEquals(List.of("t1", "t3"), code.results());
    }

    @Test
    void aDeepSharedFormulaStaysSmall() {
        Expr e = Expr.arg(0);
        for (int i = 0; i < 60; i++) {
            e = e.plus(e);
        }
        assertEquals(60, of(e).statements().lines().count());
    }

    @Test
    void truthsBecomeNumbersOnlyWhereTheyAreWanted() {
        Expr positive = Expr.arg(0).gt(Expr.ZERO);
        assertEquals("""
                let t0 = fn_lt(0.0, a0);
                let t1 = select(s, a1, t0);
                let t2 = f32(t0) + t1;
                """, of(positive.plus(Expr.select(positive, Expr.arg(1), Expr.param("s")))).statements());
    }

    @Test
    void numbersKeepTheirBits() {
        assertEquals("3.0", Wgsl.number(3));
        assertEquals("(-2.0)", Wgsl.number(-2));
        assertEquals("bitcast<f32>(0x3dcccccdu)", Wgsl.number(0.1));
        assertEquals("bitcast<f32>(0x80000000u)", Wgsl.number(-0.0));
        assertEquals("bitcast<f32>(0x1u)", Wgsl.number(1e-45));
        assertEquals("infinity()", Wgsl.number(1e39));
        assertEquals("(-infinity())", Wgsl.number(Double.NEGATIVE_INFINITY));
        assertEquals("not_a_number()", Wgsl.number(Double.NaN));
    }

    @Test
    void constantsAreComputedHere() {
        Expr exp = new Expr.Call(Fn.EXP, List.of(Expr.of(1000)));
        assertEquals(List.of("infinity()"), of(exp).results());
    }

    @ParameterizedTest
    @EnumSource(Fn.class)
    void everyFunctionIsThereWithAllItCalls(Fn fn) {
        List<Expr> args = List.of(Expr.arg(0), Expr.arg(1), Expr.arg(2)).subList(0, fn.arity());
        Wgsl code = of(new Expr.Call(fn, args));
        String own = code.statements() + String.join(" ", code.results());
        Set<String> defined = new HashSet<>(BUILT_IN);
        for (String line : (Wgsl.functions(own) + own).lines().toList()) {
            var function = FUNCTION.matcher(line);
            if (function.find()) {
                assertTrue(defined.add(function.group(1)), () -> line + " stands there twice");
            }
            var call = CALL.matcher(line);
            while (call.find()) {
                assertTrue(defined.contains(call.group(1)), () -> call.group(1) + " is not defined before " + line);
            }
        }
        assertTrue(own.contains("a0"), own);
    }
}
