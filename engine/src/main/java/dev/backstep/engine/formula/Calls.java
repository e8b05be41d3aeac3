package dev.backstep.engine.formula;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.formula.FormulaException.Code;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the op that a function, method or sign stands for, and sorts its arguments into tensors and attributes. */
final class Calls {
    private static final Set<String> MODULES = Set.of("torch", "nn", "functional", "F", "math", "Tensor", "special");

    private Calls() {
    }

    static boolean isModule(String name) {
        return MODULES.contains(name);
    }

    /** {@code True}, {@code None}, {@code pi}, a type; null for a name that is no constant. */
    static Term constant(String name) {
        return switch (name) {
            case "None" -> Term.Literal.NONE;
            case "True" -> new Term.Literal(true);
            case "False" -> new Term.Literal(false);
            case "pi" -> new Term.Num(Math.PI);
            case "e" -> new Term.Num(Math.E);
            case "inf" -> new Term.Num(Double.POSITIVE_INFINITY);
            default -> DType.of(name) == null ? null : new Term.Literal(name);
        };
    }

    static Term property(String name, Term self) {
        return switch (name) {
            case "T" -> tensors("numpy_T", Attrs.NONE, self);
            case "mT" -> call("transpose", List.of(self, new Term.Num(-2L), new Term.Num(-1L)), Map.of());
            default -> throw new FormulaException(Code.FUNCTION, name);
        };
    }

    static Term negative(Term x) {
        return x instanceof Term.Num(Number value)
                ? new Term.Num(value instanceof Long whole ? (Number) (-whole) : (Number) (-value.doubleValue()))
                : tensors("neg", Attrs.NONE, x);
    }

    static Term binary(String op, Term a, Term b) {
        if (a instanceof Term.Literal || b instanceof Term.Literal) {
            throw new FormulaException(Code.ARGUMENTS, op, "input, other");
        }
        if (a instanceof Term.Num(Number x) && b instanceof Term.Num(Number y)) {
            return new Term.Num(fold(op, x, y));
        }
        if (a instanceof Term.Num(Number x)) {
            // As Tensor.__rsub__, __rtruediv__ and __rpow__ do it.
            switch (op) {
                case "sub" -> {
                    return tensors("rsub", Attrs.of("other", x), b);
                }
                case "div" -> {
                    Term inverse = tensors("reciprocal", Attrs.NONE, b);
                    return tensors("mul", Attrs.NONE, inverse, a);
                }
                case "pow" -> {
                    return tensors("pow_number", Attrs.of("input", x), b);
                }
                default -> { }
            }
        }
        if (op.equals("pow")) {
            return b instanceof Term.Num(Number y) ? tensors("pow", Attrs.of("exponent", y), a)
                    : tensors("pow_tensor", Attrs.NONE, a, b);
        }
        return tensors(op, Attrs.NONE, a, b);
    }

    private static Number fold(String op, Number x, Number y) {
        double a = x.doubleValue();
        double b = y.doubleValue();
        double value = switch (op) {
            case "add" -> a + b;
            case "sub" -> a - b;
            case "mul" -> a * b;
            case "div" -> a / b;
            case "pow" -> Math.pow(a, b);
            default -> throw new FormulaException(Code.ARGUMENTS, op, "input, other");
        };
        boolean whole = x instanceof Long && y instanceof Long && !op.equals("div") && value == Math.rint(value)
                && Math.abs(value) < 1e15;
        return whole ? (Number) (long) value : (Number) value;
    }

    private static Term tensors(String type, Attrs attrs, Term... in) {
        return new Term.Call(Ops.find(type), attrs, List.of(in));
    }

    /** A function or method by its name in PyTorch; the tensor before the point is the first of {@code given}. */
    static Term call(String name, List<Term> given, Map<String, Term> byName) {
        if (name.equals("pow") && given.size() == 2 && byName.isEmpty()) {
            return binary("pow", given.get(0), given.get(1));
        }
        Op op = find(name, given);
        List<Term> in = new ArrayList<>();
        int at = 0;
        if (op.variadic() && !given.isEmpty() && given.getFirst() instanceof Term.Literal(List<?> list)) {
            list.forEach(item -> in.add((Term) item));
            at = 1;
        } else {
            while (at < given.size() && in.size() < op.inputs().size()) {
                in.add(given.get(at++));
            }
        }
        for (int k = in.size(); k < op.inputs().size() && byName.containsKey(op.inputs().get(k)); k++) {
            in.add(byName.get(op.inputs().get(k)));
        }
        while (in.size() > op.required() && in.getLast() == Term.Literal.NONE) {
            in.removeLast();
        }
        boolean numbersOnly = in.stream().allMatch(term -> term instanceof Term.Num);
        if (in.size() < op.required() || numbersOnly || in.stream().anyMatch(term -> term instanceof Term.Literal)) {
            throw refused(name, op);
        }
        Attrs attrs = Attrs.NONE;
        List<AttrSpec> specs = op.attrs();
        for (int k = 0; at < given.size(); k++) {
            if (k >= specs.size()) {
                throw refused(name, op);
            }
            if (specs.get(k).kind() == AttrSpec.Kind.INTS && given.size() - at > 1 && k == specs.size() - 1) {
                // x.permute(2, 0, 1) as x.permute((2, 0, 1))
                attrs = put(attrs, specs.get(k), new Term.Literal(given.subList(at, given.size())), name, op);
                break;
            }
            attrs = put(attrs, specs.get(k), given.get(at++), name, op);
        }
        for (Map.Entry<String, Term> entry : byName.entrySet()) {
            if (op.inputs().contains(entry.getKey())) {
                continue;
            }
            AttrSpec spec = specs.stream().filter(s -> s.name().equals(entry.getKey())).findFirst()
                    .orElseThrow(() -> refused(name, op));
            attrs = put(attrs, spec, entry.getValue(), name, op);
        }
        return new Term.Call(op, attrs, List.copyOf(in));
    }

    private static Op find(String name, List<Term> given) {
        if ((name.equals("max") || name.equals("min")) && given.size() == 2 && !(given.get(1) instanceof Term.Num)) {
            return Ops.find(name.equals("max") ? "maximum" : "minimum");
        }
        Op op = Ops.find(name);
        if (op == null || op.group() == null) {
            op = null;
            for (Op other : Ops.all()) {
                if (op == null && other.group() != null && other.torch().endsWith("." + name)) {
                    op = other;
                }
            }
        }
        if (op == null || op.outputs().size() > 1) {
            throw new FormulaException(Code.FUNCTION, name);
        }
        return op;
    }

    private static FormulaException refused(String name, Op op) {
        List<String> all = new ArrayList<>(op.inputs());
        op.attrs().forEach(spec -> all.add(spec.name()));
        return new FormulaException(Code.ARGUMENTS, name, String.join(", ", all));
    }

    private static Attrs put(Attrs attrs, AttrSpec spec, Term term, String name, Op op) {
        if (term == Term.Literal.NONE) {
            return attrs;
        }
        Object value = switch (spec.kind()) {
            case INT -> term instanceof Term.Num(Long whole) ? whole : null;
            case NUMBER -> term instanceof Term.Num(Number number) ? number : null;
            case FLAG -> term instanceof Term.Literal(Boolean flag) ? flag : null;
            case TEXT, DTYPE -> term instanceof Term.Literal(String text) ? text : null;
            case INTS -> term instanceof Term.Num(Long whole) ? whole
                    : term instanceof Term.Literal(List<?> list) ? integers(list) : null;
            case DATA, FORMULA, IDS, NUMBERS, TABLE -> null;
        };
        if (value == null) {
            throw refused(name, op);
        }
        return attrs.with(spec.name(), value);
    }

    private static List<Object> integers(List<?> list) {
        List<Object> values = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Term.Num(Long whole))) {
                return null;
            }
            values.add(whole);
        }
        return values;
    }
}
