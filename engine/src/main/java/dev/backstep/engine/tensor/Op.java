package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * An operation, declared once: palette, documents, shape check, forward, derivative, PyTorch's names, and the samples
 * that tests run all read this. Declared with {@link OpBuilder} in the catalogues ({@link Pointwise},
 * {@link Reductions}, {@link Linalg}, {@link Movement}, {@link Losses} ...).
 */
public final class Op implements NodeType {
    /** How the outputs come about. */
    sealed interface Forward {
    }

    /** A formula of the elements; broadcasting is implied. */
    record Elementwise(Expr formula, Program program, Result result) implements Forward {
    }

    /** Numbers computed by kernels or by other ops that are not recorded. */
    record Compute(Computation computation) implements Forward {
    }

    /** The same memory seen otherwise. */
    record Viewing(Look look) implements Forward {
    }

    /** Other ops, each recorded: the op has no backward node of its own. */
    record Composed(Computation computation) implements Forward {
    }

    interface Computation {
        Tensor[] run(Attrs attrs, Tensor[] in);
    }

    interface Look {
        View[] views(Attrs attrs, View in);
    }

    interface MetaRule {
        /** Shapes and types of the outputs. Refuses as the op would. */
        Meta[] infer(Attrs attrs, Meta[] in);
    }

    interface GradFnName {
        String of(Attrs attrs, Meta[] in);
    }

    interface TypeRule {
        /**
         * The type an elementwise op computes in, numbers among its attributes left aside.
         *
         * @param promoted what its inputs promote to
         * @param anyBool whether one of them is a truth, {@code allBool} whether each is
         * @throws TorchError where PyTorch has no such function for that type
         */
        DType of(DType promoted, boolean anyBool, boolean allBool, Attrs attrs);
    }

    /** The type of an elementwise result: as promoted, at least a floating one, or a truth. */
    enum Result { SAME, FLOAT, BOOL }

    private static final double[] NO_PARAMS = {};
    /** Rules name by their numbers what they read, in the bits of an int. */
    private static final int MOST_INPUTS = 8;
    private static final Meta[][] SCALARS = new Meta[DType.values().length][];

    static {
        for (DType type : DType.values()) {
            SCALARS[type.ordinal()] = new Meta[] {new Meta(View.SCALAR, type)};
        }
    }

    /** No derivative reads that input. */
    static final int NEVER = -1;
    /** That input is saved whichever derivatives are needed. */
    static final int ALWAYS = -2;

    private final OpBuilder spec;
    private final Vjp[] vjps;
    /** By input who reads it; inputs beyond are read by nobody. */
    private final int[] readers;
    private final int outputsRead;
    private final boolean mayLeaveUnread;

    Op(OpBuilder spec, Vjp[] vjps) {
        this.spec = spec;
        this.vjps = vjps;
        int last = -1;
        int outputs = 0;
        boolean always = false;
        int[] found = new int[MOST_INPUTS];
        for (int i = 0; i < found.length; i++) {
            found[i] = findReader(i);
            last = found[i] == NEVER ? last : i;
            always |= found[i] == ALWAYS;
            for (Vjp vjp : vjps) {
                outputs |= vjp != null && vjp.usesOutput(i) ? 1 << i : 0;
            }
        }
        readers = Arrays.copyOf(found, last + 1);
        outputsRead = outputs;
        mayLeaveUnread = always || outputs != 0;
    }

    /** The op behind a derivative that PyTorch has as one function; its own derivatives follow from the formula. */
    static Op fused(String name, Expr formula, String... inputs) {
        return OpBuilder.op(name, inputs).elementwise(formula, Result.FLOAT).derived().build();
    }

    /** The first output. */
    public Tensor call(Tensor... in) {
        return call(Attrs.NONE, in);
    }

    /** The first output. */
    public Tensor call(Attrs given, Tensor... in) {
        if (!(spec.forward instanceof Elementwise e)) {
            return apply(given, in)[0];
        }
        Attrs attrs = complete(given);
        ThreadState state = ThreadState.get();
        Tensor out = elementwise(e, attrs, in);
        if (recorded(state, in) && out.dtype().isFloat()) {
            OpNode node = node(state, attrs, in, out);
            out.madeBy(node, 0);
            node.save(in, out);
        } else if (!state.gradEnabled) {
            mark(in, out);
        }
        return out;
    }

    /** Runs the op and records it where an input needs a gradient and recording is on. */
    @Override
    public Tensor[] apply(Attrs given, Tensor... in) {
        if (spec.forward instanceof Elementwise) {
            return new Tensor[] {call(given, in)};
        }
        Attrs attrs = complete(given);
        if (spec.forward instanceof Composed composed) {
            return composed.computation.run(attrs, in);
        }
        ThreadState state = ThreadState.get();
        Tensor[] out = compute(state, attrs, in);
        if (recorded(state, in)) {
            record(state, attrs, in, out);
        } else if (!state.gradEnabled) {
            mark(in, out);
        }
        return out;
    }

    /** Remembers of outputs that they would have been recorded without {@code no_grad}. */
    private void mark(Tensor[] in, Tensor... out) {
        for (int i = 0; i < in.length && vjps.length > 0; i++) {
            if (in[i].requiresGrad()) {
                for (Tensor tensor : out) {
                    tensor.madeUnderNoGrad(true);
                }
                return;
            }
        }
    }

    /** The attributes with the fallback of each that was left out. */
    Attrs complete(Attrs given) {
        if (spec.attrs.isEmpty()) {
            return given;
        }
        Attrs attrs = given;
        for (AttrSpec attr : spec.attrs) {
            if (attr.fallback() != null && !attrs.has(attr.name())) {
                attrs = attrs.with(attr.name(), attr.fallback());
            }
        }
        return attrs;
    }

    /** The outputs, not recorded. */
    Tensor[] compute(ThreadState state, Attrs attrs, Tensor[] in) {
        switch (spec.forward) {
            case Elementwise e -> {
                return new Tensor[] {elementwise(e, attrs, in)};
            }
            case Viewing v -> {
                View[] views = v.look.views(attrs, in[0].view());
                Tensor[] out = new Tensor[views.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = new Tensor(views[i]);
                    out[i].viewOf(in[0], !state.gradEnabled ? ViewInfo.Made.NO_GRAD
                            : spec.multiView ? ViewInfo.Made.MULTI_OUTPUT : ViewInfo.Made.PLAIN);
                }
                return out;
            }
            case Compute c -> {
                boolean before = state.gradEnabled;
                state.gradEnabled = false;
                try {
                    return c.computation.run(attrs, in);
                } finally {
                    state.gradEnabled = before;
                }
            }
            case Composed _ -> throw new IllegalStateException("a composed op records its parts");
        }
    }

    /** Refuses inputs of types that an elementwise op has no function for. @return the type that they promote to */
    DType checkTypes(Attrs attrs, Tensor[] in) {
        if (spec.condition) {
            PointwiseTypes.checkCondition(in[0].dtype());
        }
        DType promoted = promote(in);
        if (spec.types == null) {
            return promoted;
        }
        if (spec.shapesFirst) {
            broadcast(in);
        }
        boolean anyBool = false;
        boolean allBool = true;
        for (Tensor tensor : in) {
            anyBool |= tensor.dtype() == DType.BOOL;
            allBool &= tensor.dtype() == DType.BOOL;
        }
        return spec.types.of(promoted, anyBool, allBool, attrs);
    }

    private Tensor elementwise(Elementwise e, Attrs attrs, Tensor[] in) {
        DType compute = checkTypes(attrs, in);
        if (!compute.isFloat() && !e.program.params().isEmpty()) {
            compute = Promotion.with(compute, e.program.params(), attrs);
        }
        if (e.result == Result.FLOAT) {
            compute = compute.toFloat();
        }
        int[] shape = broadcast(in);
        return elementwise(e.program, spec.stepwise ? e.formula : null, attrs, shape,
                e.result == Result.BOOL ? DType.BOOL : compute, compute, in);
    }

    private static int[] broadcast(Tensor[] in) {
        int[] shape = in[0].view().shape();
        for (int i = 1; i < in.length; i++) {
            shape = Shapes.broadcast(shape, in[i].view().shape());
        }
        return shape;
    }

    /**
     * Runs a formula over tensors that broadcast to that shape.
     *
     * @param steps the formula again where PyTorch runs it function by function, which shows in how the result lies
     */
    static Tensor elementwise(Program program, Expr steps, Attrs attrs, int[] shape, DType type, DType compute,
            Tensor[] in) {
        double[] params = params(program, attrs, compute);
        if (shape.length == 0 && compute != DType.INT64 && !Backends.areRecorded()) {
            // Learners' graphs are full of single numbers: no views, no loop.
            return Tensor.scalar(single(program, params, compute, in), type);
        }
        boolean rowMajor = true;
        View[] views = new View[in.length];
        for (int i = 0; i < in.length; i++) {
            View view = in[i].view();
            rowMajor &= view.isRowMajor();
            views[i] = Arrays.equals(view.shape(), shape) ? view : view.expand(shape);
        }
        if (rowMajor) {
            View out = View.contiguous(Tensor.allocate(type, shape), shape);
            Backends.current().pointwise(program, params, compute, out, views);
            return new Tensor(out);
        }
        int[] strides = Layout.elementwise(program, steps, attrs, shape, compute, in);
        return new Tensor(Layout.run(program, params, Layout.allocate(type, shape, strides), compute, views));
    }

    private static double single(Program program, double[] params, DType compute, Tensor[] in) {
        Fn fn = program.single();
        if (fn != null) {
            return Program.apply(fn, number(in[0], compute), in.length > 1 ? number(in[1], compute) : 0,
                    in.length > 2 ? number(in[2], compute) : 0);
        }
        if (compute == DType.FLOAT32 && program.isExact()) {
            float[] memory = program.floatRegisters(params);
            for (int i = 0; i < in.length; i++) {
                memory[i] = (float) number(in[i], compute);
            }
            return program.run(memory);
        }
        double[] memory = program.registers(params);
        for (int i = 0; i < in.length; i++) {
            memory[i] = number(in[i], compute);
        }
        return program.run(memory);
    }

    private static double number(Tensor tensor, DType compute) {
        double value = Backends.current().item(tensor.view());
        return tensor.dtype() == compute ? value : compute.round(value);
    }

    /** The numbers a formula asks for by name, as that type keeps them. */
    static double[] params(Program program, Attrs attrs, DType compute) {
        List<String> names = program.params();
        double[] params = names.isEmpty() ? NO_PARAMS : new double[names.size()];
        for (int i = 0; i < params.length; i++) {
            params[i] = compute.round(attrs.number(names.get(i)));
        }
        return params;
    }

    /**
     * The type inputs are brought to: tensors with dimensions decide, then zero-dimensional ones, then Python numbers;
     * a lower rank counts only where it is of a higher kind (a float beside integers).
     */
    static DType promote(Tensor[] in) {
        DType first = in[0].dtype();
        boolean same = !in[0].isWrapped();
        for (int i = 1; i < in.length && same; i++) {
            same = in[i].dtype() == first && !in[i].isWrapped();
        }
        return same ? first : Promotion.of(in);
    }

    private boolean recorded(ThreadState state, Tensor[] in) {
        if (!state.gradEnabled || vjps.length == 0) {
            return false;
        }
        for (Tensor tensor : in) {
            if (tensor.requiresGrad()) {
                return true;
            }
        }
        return false;
    }

    /** Links the outputs to a new backward node. */
    private void record(ThreadState state, Attrs attrs, Tensor[] in, Tensor[] out) {
        if (!out[0].dtype().isFloat()) {
            return;
        }
        OpNode node = node(state, attrs, in, out);
        for (int nr = 0; nr < out.length; nr++) {
            if (out[nr].dtype().isFloat()) {
                out[nr].madeBy(node, nr);
            }
        }
        node.save(in, out);
    }

    OpNode node(ThreadState state, Attrs attrs, Tensor[] in, Tensor... out) {
        return new OpNode(state, this, attrs, in, spec.needsMetas ? metas(in) : null, outputs(out));
    }

    private static Meta[] outputs(Tensor[] out) {
        return out.length == 1 && out[0].view().rank() == 0 ? SCALARS[out[0].dtype().ordinal()] : metas(out);
    }

    static Meta[] metas(Tensor[] tensors) {
        Meta[] metas = new Meta[tensors.length];
        for (int i = 0; i < metas.length; i++) {
            metas[i] = tensors[i].meta();
        }
        return metas;
    }

    /**
     * Shapes and types of the outputs without running the op.
     *
     * @throws TorchError in the words in which the op itself would refuse
     */
    @Override
    public Meta[] infer(Attrs given, Meta... in) {
        Attrs attrs = complete(given);
        for (Meta meta : in) {
            if (meta.shape() == null) {
                Meta[] unknown = new Meta[outputs().size()];
                Arrays.fill(unknown, new Meta(null, meta.dtype()));
                return unknown;
            }
        }
        return switch (spec.forward) {
            case Elementwise e -> {
                if (spec.condition) {
                    PointwiseTypes.checkCondition(in[0].dtype());
                }
                DType type = Promotion.of(in);
                if (spec.types != null) {
                    type = spec.types.of(type, Arrays.stream(in).anyMatch(meta -> meta.dtype() == DType.BOOL),
                            Arrays.stream(in).allMatch(meta -> meta.dtype() == DType.BOOL), attrs);
                }
                type = Promotion.with(type, e.program.params(), attrs);
                int[] shape = in[0].shape();
                for (int i = 1; i < in.length; i++) {
                    shape = Shapes.broadcast(shape, in[i].shape());
                }
                yield new Meta[] {new Meta(shape, switch (e.result) {
                    case SAME -> type;
                    case FLOAT -> type.toFloat();
                    case BOOL -> DType.BOOL;
                })};
            }
            default -> spec.metas.infer(attrs, in);
        };
    }

    /** How the gradient of that input comes about; null where the op does not depend on it smoothly. */
    Vjp vjp(int input) {
        return vjps.length == 0 ? null : vjps[Math.min(input, vjps.length - 1)];
    }

    /** Whether any input gets a gradient. */
    public boolean isDifferentiable() {
        return vjps.length > 0 || spec.forward instanceof Composed;
    }

    /** Whether something is saved although it may turn out that no derivative reads it. */
    boolean mayLeaveUnread() {
        return mayLeaveUnread;
    }

    /**
     * The input whose derivative is the only one of several to read input {@code i}; or {@link #NEVER}, or
     * {@link #ALWAYS} where it is saved whichever derivatives are needed.
     */
    int reader(int i) {
        return i < readers.length ? readers[i] : NEVER;
    }

    /** Whether output {@code i} is saved. */
    boolean savesOutput(int i) {
        return (outputsRead >> i & 1) == 1;
    }

    /** The inputs in the order in which backward looks whether they were changed: by PyTorch's names for them. */
    int[] savedOrder() {
        Integer[] order = new Integer[spec.inputs.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing(this::savedInput));
        return Arrays.stream(order).mapToInt(i -> i).toArray();
    }

    private int findReader(int i) {
        int found = NEVER;
        int differentiable = 0;
        for (int k = 0; k < vjps.length; k++) {
            differentiable += vjps[k] != null ? 1 : 0;
            if (vjps[k] != null && vjps[k].usesInput(i)) {
                found = found == NEVER ? k : ALWAYS;
            }
        }
        return found != NEVER && (differentiable == 1 || spec.type.contains("backward")) ? ALWAYS : found;
    }

    String gradFn(Attrs attrs, Meta[] in) {
        return spec.gradFn.of(attrs, in);
    }

    Forward forward() {
        return spec.forward;
    }

    /** What PyTorch's node calls input {@code i} where it keeps it. */
    String savedInput(int i) {
        List<String> names = spec.savedInputs == null ? spec.inputs : spec.savedInputs;
        int last = names.size() - 1;
        String name = names.get(Math.min(i, last));
        if (name.endsWith("[]")) {
            return "_saved_" + name.substring(0, name.length() - 1) + (i - last) + "]";
        }
        return "_saved_" + (spec.savedInputs == null && i == 0 && name.equals("input") ? "self" : name);
    }

    /** What PyTorch's node calls output {@code i} where it keeps it. */
    String savedOutput(int i) {
        return "_saved_" + (spec.savedOutputs != null ? spec.savedOutputs.get(i)
                : spec.outputs.size() == 1 ? "result" : spec.outputs.get(i));
    }

    /**
     * The derivative of the output element by the input element, a formula of the inputs (arguments 0 to n-1) and the
     * output (n); null where the op is no elementwise formula.
     */
    public Expr localDerivative(int input) {
        return vjp(input) instanceof Vjp.Formula formula ? formula.local() : null;
    }

    /** The same with the numbers of that call's attributes put in. */
    public Expr localDerivative(int input, Attrs given) {
        Expr derivative = localDerivative(input);
        Attrs attrs = complete(given);
        return derivative == null ? null : derivative.replace(leaf -> leaf instanceof Expr.Param p
                && attrs.has(p.name()) ? Expr.of(attrs.number(p.name())) : leaf);
    }

    /** The formula of the elements, or null where the op is none. */
    public Expr elements() {
        return spec.forward instanceof Elementwise e ? e.formula : null;
    }

    /** The formula of the elements as it is run, or null where the op is none. */
    public Program program() {
        return spec.forward instanceof Elementwise e ? e.program : null;
    }

    /** Whether it only sees memory otherwise. */
    public boolean isView() {
        return spec.forward instanceof Viewing;
    }

    /** A short text that says how the gradient of that input follows, for ops that are no elementwise formula. */
    public String formula(int input) {
        return vjp(input) instanceof Vjp.Ruled ruled ? ruled.formula()
                : spec.notes != null ? spec.notes[input] : spec.note;
    }

    /** Calls that tests make of this op. */
    public List<Sample> samples() {
        return spec.samples.get();
    }

    @Override
    public String type() {
        return spec.type;
    }

    @Override
    public int[] writes(Attrs attrs) {
        return spec.writes.apply(attrs);
    }

    @Override
    public String torch() {
        return spec.torch;
    }

    @Override
    public List<String> inputs() {
        return spec.inputs;
    }

    @Override
    public boolean variadic() {
        return spec.variadic;
    }

    @Override
    public int required() {
        return spec.inputs.size() - spec.optional;
    }

    @Override
    public List<String> outputs() {
        return spec.outputs;
    }

    @Override
    public List<AttrSpec> attrs() {
        return spec.attrs;
    }

    @Override
    public Group group() {
        return spec.group;
    }

    @Override
    public String symbol() {
        return spec.symbol;
    }

    @Override
    public String toString() {
        return spec.type;
    }
}
