package dev.backstep.engine.expr;

import java.util.function.Function;

/**
 * Writes a formula as presentation MathML, which browsers draw themselves. What stands for the arguments and
 * parameters, names or this run's numbers, is the caller's choice.
 */
public final class MathMl {
    /** How tightly a formula holds together; what binds looser than its place asks for gets parentheses. */
    private enum Bind { CHOICE, TRUTH, SUM, PRODUCT, SIGN, POWER, ATOM }

    private final Function<Expr, String> words;

    private MathMl(Function<Expr, String> words) {
        this.words = words;
    }

    /**
     * The formula as one MathML element, without a {@code math} element around it.
     *
     * @param words the plain text (not markup) that stands for each {@link Expr.Arg} and {@link Expr.Param}: its name,
     *         or the number it has in a run; numbers are put in, not evaluated
     */
    public static String of(Expr e, Function<Expr, String> words) {
        return new MathMl(words).write(e, Bind.CHOICE);
    }

    private String write(Expr e, Bind place) {
        return switch (e) {
            case Expr.Const c -> constant(c.value(), place);
            case Expr.Arg _, Expr.Param _ -> word(words.apply(e), place);
            case Expr.Call c -> {
                Bind own = bind(c);
                String text = call(c);
                yield own.compareTo(place) < 0 ? row(op("(") + text + op(")")) : text;
            }
        };
    }

    private static Bind bind(Expr.Call c) {
        return switch (c.fn()) {
            case SELECT -> isIndicator(c) ? Bind.ATOM : Bind.CHOICE;
            case EQ, NE, LT, LE, GT, GE, AND, OR -> Bind.TRUTH;
            case ADD, SUB, EXPM1 -> Bind.SUM;
            case MUL -> Bind.PRODUCT;
            case NEG, NOT -> Bind.SIGN;
            case POW, EXP -> Bind.POWER;
            default -> Bind.ATOM;
        };
    }

    private String call(Expr.Call c) {
        Expr x = c.arg(0);
        return switch (c.fn()) {
            case NEG -> row(op("−") + write(x, Bind.PRODUCT));
            case NOT -> row(op("¬") + write(x, Bind.SIGN));
            case ABS -> row(op("|") + write(x, Bind.CHOICE) + op("|"));
            case FLOOR -> row(op("⌊") + write(x, Bind.CHOICE) + op("⌋"));
            case SIGN -> function("sgn", x);
            case ROUND -> function("round", x);
            case EXP -> "<msup><mi>e</mi>" + write(x, Bind.CHOICE) + "</msup>";
            case EXPM1 -> row("<msup><mi>e</mi>" + write(x, Bind.CHOICE) + "</msup>" + op("−") + "<mn>1</mn>");
            case LOG -> function("ln", x);
            case LOG1P -> function("ln", Expr.ONE.plus(x));
            case SQRT -> "<msqrt>" + write(x, Bind.CHOICE) + "</msqrt>";
            case RSQRT -> "<mfrac><mn>1</mn><msqrt>" + write(x, Bind.CHOICE) + "</msqrt></mfrac>";
            case SIN -> function("sin", x);
            case COS -> function("cos", x);
            case TAN -> function("tan", x);
            case TANH -> function("tanh", x);
            case SIGMOID -> function("σ", x);
            case ERF -> function("erf", x);
            case ADD -> row(write(x, Bind.SUM) + op("+") + write(c.arg(1), Bind.PRODUCT));
            case SUB -> row(write(x, Bind.SUM) + op("−") + write(c.arg(1), Bind.PRODUCT));
            case MUL -> product(x, c.arg(1));
            case DIV -> quotient(x, c.arg(1));
            case POW -> "<msup>" + write(x, Bind.ATOM) + write(c.arg(1), Bind.CHOICE) + "</msup>";
            case MIN -> function("min", x, c.arg(1));
            case MAX -> function("max", x, c.arg(1));
            case EQ -> relation(c, "=");
            case NE -> relation(c, "≠");
            case LT -> relation(c, "<");
            case LE -> relation(c, "≤");
            case GT -> relation(c, ">");
            case GE -> relation(c, "≥");
            case AND -> row(write(x, Bind.TRUTH) + op("∧") + write(c.arg(1), Bind.TRUTH));
            case OR -> row(write(x, Bind.TRUTH) + op("∨") + write(c.arg(1), Bind.TRUTH));
            case SELECT -> choice(c);
        };
    }

    private String product(Expr a, Expr b) {
        if (a.equals(b)) {
            return "<msup>" + write(a, Bind.ATOM) + "<mn>2</mn></msup>";
        }
        return row(write(a, Bind.PRODUCT) + op("·") + write(b, Bind.SIGN));
    }

    /** a / b / b is written as a / b². */
    private String quotient(Expr above, Expr below) {
        boolean twice = above instanceof Expr.Call c && c.fn() == Fn.DIV && c.arg(1).equals(below);
        String top = write(twice ? ((Expr.Call) above).arg(0) : above, Bind.CHOICE);
        return "<mfrac>" + top + (twice ? product(below, below) : write(below, Bind.CHOICE)) + "</mfrac>";
    }

    private String relation(Expr.Call c, String sign) {
        return row(write(c.arg(0), Bind.SUM) + op(sign) + write(c.arg(1), Bind.SUM));
    }

    private static boolean isIndicator(Expr.Call c) {
        return c.arg(1).is(1) && c.arg(2).is(0) || c.arg(1).is(0) && c.arg(2).is(1);
    }

    /** A choice between 1 and 0 is Iverson's bracket, any other a brace with two lines. */
    private String choice(Expr.Call c) {
        String condition = write(c.arg(0), Bind.CHOICE);
        String opposite = opposite(c.arg(0));
        if (isIndicator(c)) {
            return row(op("[") + (c.arg(1).is(1) ? condition : opposite) + op("]"));
        }
        return row(op("{") + "<mtable><mtr><mtd>" + write(c.arg(1), Bind.SUM) + "</mtd><mtd>" + condition
                + "</mtd></mtr><mtr><mtd>" + write(c.arg(2), Bind.SUM) + "</mtd><mtd>" + opposite
                + "</mtd></mtr></mtable>");
    }

    /** The opposite of a condition, as a relation where it is one. */
    private String opposite(Expr condition) {
        if (condition instanceof Expr.Call c) {
            switch (c.fn()) {
                case EQ:
                    return relation(c, "≠");
                case NE:
                    return relation(c, "=");
                case LT:
                    return relation(c, "≥");
                case LE:
                    return relation(c, ">");
                case GT:
                    return relation(c, "≤");
                case GE:
                    return relation(c, "<");
                default:
                    break;
            }
        }
        return row(op("¬") + op("(") + write(condition, Bind.CHOICE) + op(")"));
    }

    private String function(String name, Expr... args) {
        StringBuilder text = new StringBuilder("<mi>").append(name).append("</mi>").append(op("("));
        for (int i = 0; i < args.length; i++) {
            text.append(i == 0 ? "" : op(",")).append(write(args[i], Bind.CHOICE));
        }
        return row(text.append(op(")")).toString());
    }

    private static String row(String inside) {
        return "<mrow>" + inside + "</mrow>";
    }

    private static String op(String sign) {
        return "<mo>" + escape(sign) + "</mo>";
    }

    /** A name or a number; a negative number counts as a sign and its number. */
    private static String word(String text, Bind place) {
        char first = text.isEmpty() ? ' ' : text.charAt(0);
        if ((first == '-' || first == '−') && text.length() > 1) {
            String signed = row(op("−") + "<mn>" + escape(text.substring(1)) + "</mn>");
            return place.compareTo(Bind.SIGN) >= 0 ? row(op("(") + signed + op(")")) : signed;
        }
        String tag = first >= '0' && first <= '9' ? "mn" : "mi";
        return "<" + tag + ">" + escape(text) + "</" + tag + ">";
    }

    private static String constant(double value, Bind place) {
        return word(value == Double.POSITIVE_INFINITY ? "∞" : value == Double.NEGATIVE_INFINITY ? "−∞"
                : brief(value), place);
    }

    /** A number of a formula as people write it: at most six decimals, no trailing zeros. */
    private static String brief(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        double size = Math.abs(value);
        if (size >= 1e6 || size < 1e-4) {
            return Double.toString(value);
        }
        long millionths = (long) Math.floor(size * 1e6 + 0.5);
        String fraction = Long.toString(1_000_000 + millionths % 1_000_000).substring(1);
        int end = fraction.length();
        while (fraction.charAt(end - 1) == '0' && end > 1) {
            end--;
        }
        return (value < 0 ? "-" : "") + millionths / 1_000_000 + "." + fraction.substring(0, end);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
