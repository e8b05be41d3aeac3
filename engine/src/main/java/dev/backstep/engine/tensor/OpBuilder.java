package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Derivative;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Declares an {@link Op}. */
final class OpBuilder {
    final String type;
    final List<String> inputs;
    String torch;
    boolean variadic;
    int optional;
    List<String> outputs = List.of("out");
    List<String> savedInputs;
    List<String> savedOutputs;
    List<AttrSpec> attrs = new ArrayList<>();
    Group group;
    String symbol;
    Op.Forward forward;
    Op.MetaRule metas;
    Op.GradFnName gradFn;
    Op.TypeRule types;
    boolean needsMetas;
    boolean multiView;
    boolean condition;
    boolean shapesFirst;
    boolean stepwise;
    String note;
    String[] notes;
    Supplier<List<Sample>> samples = List::of;
    Function<Attrs, int[]> writes = _ -> NodeType.NO_INPUTS;
    private Vjp[] vjps = {};

    private OpBuilder(String type, String... inputs) {
        this.type = type;
        this.inputs = List.of(inputs);
        this.torch = "torch." + type;
        this.symbol = type;
        String name = camel(type) + "Backward0";
        this.gradFn = (_, _) -> name;
    }

    /** An op with PyTorch's name {@code torch.<type>}, backward node {@code <Type>Backward0}, and those inputs. */
    static OpBuilder op(String type, String... inputs) {
        return new OpBuilder(type, inputs);
    }

    private static String camel(String name) {
        StringBuilder text = new StringBuilder();
        for (String part : name.split("_")) {
            if (!part.isEmpty()) {
                text.append(Character.toUpperCase(part.charAt(0))).append(part, 1, part.length());
            }
        }
        return text.toString();
    }

    OpBuilder torch(String name) {
        torch = name;
        return this;
    }

    OpBuilder gradFn(String name) {
        gradFn = (_, _) -> name;
        return this;
    }

    OpBuilder gradFn(Op.GradFnName name) {
        gradFn = name;
        return this;
    }

    OpBuilder palette(Group where, String sign) {
        group = where;
        symbol = sign;
        return this;
    }

    OpBuilder variadicInputs() {
        variadic = true;
        return this;
    }

    /** Says that a call may leave out so many of the last inputs. */
    OpBuilder optionalInputs(int count) {
        optional = count;
        return this;
    }

    OpBuilder outputs(String... names) {
        outputs = List.of(names);
        return this;
    }

    /**
     * Names in PyTorch's derivatives.yaml, where they are not those of the inputs with {@code self} as the first. A
     * last one that ends with {@code []} is a list, of all inputs from there on.
     */
    OpBuilder savedInputs(String... names) {
        savedInputs = List.of(names);
        return this;
    }

    /** Likewise of the outputs, where they are not {@code result}, or the outputs' own names where there are several. */
    OpBuilder savedOutputs(String... names) {
        savedOutputs = List.of(names);
        return this;
    }

    OpBuilder attr(String name, AttrSpec.Kind kind, Object fallback) {
        attrs.add(new AttrSpec(name, kind, fallback));
        return this;
    }

    /** A text that is one of several, the first where it is left out. */
    OpBuilder choice(String name, String... choices) {
        attrs.add(new AttrSpec(name, AttrSpec.Kind.TEXT, choices[0], List.of(choices)));
        return this;
    }

    /** A formula of the inputs, which are arguments 0, 1 and 2. */
    OpBuilder elementwise(Expr formula, Op.Result result) {
        forward = new Op.Elementwise(formula, new Program(formula, inputs.size()), result);
        return this;
    }

    /** Refuses some types, or computes in another than the inputs promote to. */
    OpBuilder types(Op.TypeRule rule) {
        types = rule;
        return this;
    }

    /** Says that numbers among the attributes count as tensors without dimensions where the result is laid out. */
    OpBuilder stepwise() {
        stepwise = true;
        return this;
    }

    /** Refuses types only after shapes: where PyTorch finds out when it looks for the code to run. */
    OpBuilder shapesFirst() {
        shapesFirst = true;
        return this;
    }

    /** Says that the first input chooses between the others and must be truths. */
    OpBuilder condition() {
        condition = true;
        return this;
    }

    OpBuilder compute(Op.MetaRule rule, Op.Computation computation) {
        metas = rule;
        needsMetas = true;
        forward = new Op.Compute(computation);
        return this;
    }

    OpBuilder view(Op.MetaRule rule, Op.Look look) {
        metas = rule;
        needsMetas = true;
        forward = new Op.Viewing(look);
        return this;
    }

    /** A list of views, which PyTorch does not let be written in place. */
    OpBuilder views(Op.MetaRule rule, Op.Look look) {
        multiView = true;
        return view(rule, look);
    }

    /** Other ops, recorded one by one. {@code note} tells the reader how the gradient comes about. */
    OpBuilder compose(Op.MetaRule rule, String how, Op.Computation computation) {
        metas = rule;
        note = how;
        forward = new Op.Composed(computation);
        return this;
    }

    /** In place of one text for all inputs of a composed op, one for each; null for an input that gets no gradient. */
    OpBuilder notes(String... byInput) {
        notes = byInput;
        return this;
    }

    /** Rules for the inputs in order, each a formula of inputs (0 to n-1), output (n) and incoming gradient (n+1). */
    OpBuilder vjp(Expr... formulas) {
        return formulas(null, formulas);
    }

    /** Likewise where PyTorch has the whole derivative as one function of that name, with a derivative of its own. */
    OpBuilder fusedVjp(String name, Expr... formulas) {
        return formulas(name, formulas);
    }

    private OpBuilder formulas(String fused, Expr... formulas) {
        vjps = new Vjp[formulas.length];
        for (int k = 0; k < formulas.length; k++) {
            vjps[k] = formulas[k] == null ? null : new Vjp.Formula(inputs.size(), formulas[k], fused);
        }
        return this;
    }

    /** Derivatives by rule of calculus from the forward formula. */
    OpBuilder derived() {
        Expr formula = ((Op.Elementwise) forward).formula();
        int n = inputs.size();
        Expr[] all = new Expr[n];
        for (int k = 0; k < n; k++) {
            all[k] = Expr.arg(n + 1).times(Derivative.by(k, formula));
        }
        return vjp(all);
    }

    /** Rules for the inputs in order; null for an input that gets no gradient. */
    OpBuilder vjp(Vjp... rules) {
        vjps = rules;
        needsMetas = true;
        return this;
    }

    /** Says which inputs a call with those attributes writes in place. */
    OpBuilder writes(Function<Attrs, int[]> places) {
        writes = places;
        return this;
    }

    OpBuilder samples(Supplier<List<Sample>> calls) {
        samples = calls;
        return this;
    }

    /** @param reads which inputs the rule reads; {@link #out(int)} marks an output */
    static Vjp rule(String formula, Vjp.Rule rule, int... reads) {
        int in = 0;
        int out = 0;
        for (int read : reads) {
            if (read >= 0) {
                in |= 1 << read;
            } else {
                out |= 1 << ~read;
            }
        }
        return new Vjp.Ruled(in, out, rule, formula);
    }

    /** Marks output {@code i} among the things a rule reads. */
    static int out(int i) {
        return ~i;
    }

    /** A rule of shapes alone, where the type stays that of the first input. */
    static Op.MetaRule shape(java.util.function.BiFunction<Attrs, int[], int[]> rule) {
        return (attrs, in) -> new Meta[] {new Meta(rule.apply(attrs, in[0].shape()), in[0].dtype())};
    }

    /** The same, giving another type. */
    static Op.MetaRule shape(DType type,
            java.util.function.BiFunction<Attrs, int[], int[]> rule) {
        return (attrs, in) -> new Meta[] {new Meta(rule.apply(attrs, in[0].shape()), type)};
    }

    Op build() {
        return new Op(this, vjps);
    }
}
