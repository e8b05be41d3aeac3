package dev.backstep.engine.formula;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.formula.FormulaException.Code;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/**
 * One or more expressions over named tensors in PyTorch's notation, {@code g * (1 - y ** 2), g.sum(dim=0)}: numbers,
 * signs, functions and methods that are ops here, as Python binds them. It computes nothing that an op does not.
 */
public final class Formula {
    /** The most characters of a formula. */
    public static final int MAX_LENGTH = 2_000;

    private final List<Term> terms;

    private Formula(List<Term> terms) {
        this.terms = terms;
    }

    /**
     * Reads a formula.
     *
     * @param names what the tensors are called in it
     * @throws FormulaException saying where and why it cannot be read
     */
    public static Formula read(String text, List<String> names) {
        if (text.length() > MAX_LENGTH) {
            throw new FormulaException(Code.TOO_LONG, MAX_LENGTH);
        }
        return new Formula(new Parser(text, names).all());
    }

    /** Whether a text may name a tensor in a formula. */
    public static boolean isName(String text) {
        boolean fits = !text.isEmpty() && Tokens.isLetter(text.charAt(0)) && !Calls.isModule(text);
        for (int i = 1; fits && i < text.length(); i++) {
            fits = Tokens.isLetter(text.charAt(i)) || Tokens.isDigit(text.charAt(i));
        }
        return fits && Calls.constant(text) == null;
    }

    /** The number of expressions. */
    public int size() {
        return terms.size();
    }

    /** Whether any expression reads the tensor of that place among the names. */
    public boolean reads(int name) {
        return terms.stream().anyMatch(term -> reads(term, name));
    }

    private static boolean reads(Term term, int name) {
        return switch (term) {
            case Term.Name(int index) -> index == name;
            case Term.Call call -> call.in().stream().anyMatch(part -> reads(part, name));
            case Term.Num _, Term.Literal _ -> false;
        };
    }

    /**
     * The value of each expression; null for {@code None}.
     *
     * @param tensors one for each name; those that no expression reads may be null
     */
    public Tensor[] values(Tensor... tensors) {
        Tensor[] values = new Tensor[terms.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(terms.get(i), tensors);
            if (values[i] == null && terms.get(i) != Term.Literal.NONE) {
                throw noTensor();
            }
        }
        return values;
    }

    private static Tensor value(Term term, Tensor[] tensors) {
        return switch (term) {
            case Term.Name(int index) -> tensors[index];
            case Term.Num(Number number) ->
                number instanceof Long whole ? Tensor.number(whole.longValue()) : Tensor.number(number.doubleValue());
            case Term.Call(Op op, Attrs attrs, List<Term> in) -> {
                Tensor[] arguments = new Tensor[in.size()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = value(in.get(i), tensors);
                }
                yield op.apply(attrs, arguments)[0];
            }
            case Term.Literal _ -> null;
        };
    }

    /**
     * Shape and type of each expression, from those of the tensors.
     *
     * @throws FormulaException where an expression gives no tensor
     */
    public Meta[] metas(Meta... tensors) {
        Meta[] metas = new Meta[terms.size()];
        for (int i = 0; i < metas.length; i++) {
            metas[i] = meta(terms.get(i), tensors);
            if (metas[i] == null) {
                throw noTensor();
            }
        }
        return metas;
    }

    private static FormulaException noTensor() {
        return new FormulaException(Code.SYNTAX, 1, "x", "None");
    }

    private static Meta meta(Term term, Meta[] tensors) {
        return switch (term) {
            case Term.Name(int index) -> tensors[index];
            // Beside any tensor a number counts as the least type of its kind.
            case Term.Num(Number number) ->
                new Meta(View.SCALAR, number instanceof Long ? DType.INT64 : DType.FLOAT32);
            case Term.Call(Op op, Attrs attrs, List<Term> in) -> {
                Meta[] arguments = new Meta[in.size()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = meta(in.get(i), tensors);
                }
                yield op.infer(attrs, arguments)[0];
            }
            case Term.Literal _ -> null;
        };
    }
}
