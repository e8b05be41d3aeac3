package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.AttrSpec.Kind;
import dev.backstep.engine.tensor.Creation;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.List;

/**
 * A box without inputs whose numbers follow from a rule or from a seed: {@code torch.zeros}, {@code torch.randn} ...
 * Each random one draws what PyTorch draws after {@code torch.manual_seed(seed)}, so that no box depends on another.
 */
public final class CreatedLeaf extends BoxType {
    /** The attribute of random leaves that says where their generator starts. */
    public static final String SEED = "seed";

    /**
     * How many 32-bit numbers were drawn after the seed before this leaf's, so that the parameters of a network are
     * those that PyTorch's modules draw one after another.
     */
    public static final String DRAWN = "drawn";
    private static final int MAX_DRAWN = 1 << 24;

    /**
     * Of leaves of few normal numbers: how many 32-bit numbers were drawn before the pair of normal numbers of which
     * PyTorch's generator has kept the second for this leaf; {@link #NO_PAIR} where it keeps none.
     */
    public static final String PAIR = "pair";
    static final long NO_PAIR = -1;
    /** How many 32-bit numbers a pair of normal numbers takes. */
    static final int PAIR_BITS = 4;

    private static final AttrSpec SIZE = new AttrSpec("size", Kind.INTS, List.of(2L, 3L));
    private static final AttrSpec SEEDED = new AttrSpec(SEED, Kind.INT, 0L);
    private static final AttrSpec SKIPPED = new AttrSpec(DRAWN, Kind.INT, 0L);
    private static final AttrSpec PAIRED = new AttrSpec(PAIR, Kind.INT, NO_PAIR);
    private static final AttrSpec STEPS = new AttrSpec("steps", Kind.INT, 10L);
    private static final AttrSpec N = new AttrSpec("n", Kind.INT, 4L);

    private static final List<CreatedLeaf> ALL = List.of(
            new CreatedLeaf("randn", "N", "torch.randn", CreatedLeaf::sized,
                    (from, o, size, type) -> from.randn(type, size), SIZE, SEEDED, SKIPPED, PAIRED),
            new CreatedLeaf("rand", "U", "torch.rand", CreatedLeaf::sized,
                    (from, _, size, type) -> from.rand(type, size), SIZE, SEEDED, SKIPPED),
            new CreatedLeaf("normal", "N(μ,σ)", "torch.normal", CreatedLeaf::normal,
                    (from, o, size, type) -> from.normal(type, o.number("mean"), o.number("std"), size),
                    number("mean", 0), number("std", 1), SIZE, SEEDED, SKIPPED, PAIRED),
            new CreatedLeaf("uniform", "U(a,b)", "torch.Tensor.uniform_", CreatedLeaf::uniform,
                    (from, o, size, type) -> from.uniform(type, o.number("from"), o.number("to"), size),
                    number("from", 0), number("to", 1), SIZE, SEEDED, SKIPPED),
            new CreatedLeaf("randint", "#", "torch.randint", CreatedLeaf::integers,
                    (from, o, size, type) -> from.randint(o.integer("low"), o.integer("high"), size),
                    new AttrSpec("low", Kind.INT, 0L), new AttrSpec("high", Kind.INT, 10L), SIZE, SEEDED, SKIPPED),
            new CreatedLeaf("randperm", "⤨", "torch.randperm", o -> new int[] {extent("n", o)},
                    (o, size, type) -> seeded(o).randperm(size[0]), N, SEEDED, SKIPPED),
            new CreatedLeaf("zeros", "0", "torch.zeros", CreatedLeaf::sized,
                    (o, size, type) -> Tensor.zeros(size, type), SIZE),
            new CreatedLeaf("ones", "1", "torch.ones", CreatedLeaf::sized,
                    (o, size, type) -> Tensor.ones(size, type), SIZE),
            new CreatedLeaf("full", "a", "torch.full", CreatedLeaf::sized,
                    (o, size, type) -> Tensor.full(size, o.number("fill_value"), type), SIZE, number("fill_value", 1)),
            new CreatedLeaf("eye", "I", "torch.eye", o -> new int[] {extent("n", o), extent("n", o)},
                    (o, size, type) -> Creation.eye(size[0], size[1], type), N),
            new CreatedLeaf("arange", "0,1,…", "torch.arange", CreatedLeaf::range,
                    (o, size, type) -> Creation.arange(o.number("start"), o.number("end"), o.number("step"), type),
                    number("start", 0), number("end", 5), number("step", 1)),
            new CreatedLeaf("linspace", "a…b", "torch.linspace", o -> new int[] {extent("steps", o)},
                    (o, size, type) -> Creation.linspace(o.number("start"), o.number("end"), size[0], type),
                    number("start", 0), number("end", 1), STEPS));

    private interface Extents {
        /** The shape, or a refusal in PyTorch's words. */
        int[] of(Attrs attrs);
    }

    private interface Maker {
        Tensor make(Attrs attrs, int[] size, DType type);
    }

    private interface Draw {
        /** The numbers that come next from a generator; drawn in pieces they are the same. */
        Tensor make(Generator from, Attrs attrs, int[] size, DType type);
    }

    private final Extents extents;
    private final Maker maker;
    /** Null where the numbers cannot be had in pieces. */
    private final Draw draw;
    private final boolean integers;

    private CreatedLeaf(String type, String symbol, String torch, Extents extents, Draw draw, AttrSpec... own) {
        this(type, symbol, torch, extents, (o, size, to) -> draw.make(start(o), o, size, to), draw, own);
    }

    private CreatedLeaf(String type, String symbol, String torch, Extents extents, Maker maker, AttrSpec... own) {
        this(type, symbol, torch, extents, maker, null, own);
    }

    private CreatedLeaf(String type, String symbol, String torch, Extents extents, Maker maker, Draw draw,
            AttrSpec... own) {
        super(type, torch, List.of(), List.of("out"), all(own, isIntegers(type)), Group.LEAF, symbol);
        this.extents = extents;
        this.maker = maker;
        this.draw = draw;
        this.integers = isIntegers(type);
    }

    private static boolean isIntegers(String type) {
        return type.equals("randint") || type.equals("randperm");
    }

    private static List<AttrSpec> all(AttrSpec[] own, boolean integers) {
        List<AttrSpec> all = new ArrayList<>(List.of(own));
        if (!integers) {
            all.add(new AttrSpec("dtype", Kind.DTYPE, "float32"));
            all.add(new AttrSpec("requires_grad", Kind.FLAG, false));
        }
        return all;
    }

    /** Every one that a document may have. */
    static List<CreatedLeaf> all() {
        return ALL;
    }

    private static AttrSpec number(String name, double fallback) {
        return new AttrSpec(name, Kind.NUMBER, fallback);
    }

    private static Generator seeded(Attrs attrs) {
        return new Generator().manualSeed(attrs.integer(SEED)).skip(attrs.integer(DRAWN));
    }

    /** The same, and one normal number is left over where the attributes say so. */
    private static Generator start(Attrs attrs) {
        long pair = attrs.has(PAIR) ? attrs.integer(PAIR) : NO_PAIR;
        if (pair == NO_PAIR) {
            return seeded(attrs);
        }
        Generator generator = new Generator().manualSeed(attrs.integer(SEED)).skip(pair);
        generator.randn(DType.FLOAT32, 1);
        return generator.skip(attrs.integer(DRAWN) - pair - PAIR_BITS);
    }

    private static int[] sized(Attrs attrs) {
        int[] size = attrs.ints("size");
        for (int extent : size) {
            if (extent < 0) {
                throw TorchError.runtime("Trying to create tensor with negative dimension " + extent + ": "
                        + Inference.text(size));
            }
        }
        return size;
    }

    private static int extent(String name, Attrs attrs) {
        long extent = attrs.integer(name);
        if (extent < 0) {
            throw TorchError.runtime(name.equals("steps") ? "number of steps must be non-negative"
                    : "n must be " + (attrs.has(SEED) ? "non-negative, got" : "greater or equal to 0, got ") + extent);
        }
        return (int) extent;
    }

    private static int[] normal(Attrs attrs) {
        if (!(attrs.number("std") >= 0)) {
            throw TorchError.runtime("normal expects std >= 0.0, but found std " + attrs.number("std"));
        }
        return sized(attrs);
    }

    private static int[] uniform(Attrs attrs) {
        if (!(attrs.number("from") <= attrs.number("to"))) {
            throw TorchError.runtime("uniform_ expects to return a [from, to) range, but found from="
                    + attrs.number("from") + " > to=" + attrs.number("to"));
        }
        return sized(attrs);
    }

    private static int[] integers(Attrs attrs) {
        if (attrs.integer("low") >= attrs.integer("high")) {
            throw TorchError.runtime("random_ expects 'from' to be less than 'to', but got from="
                    + attrs.integer("low") + " >= to=" + attrs.integer("high"));
        }
        return sized(attrs);
    }

    private static int[] range(Attrs attrs) {
        return new int[] {Creation.count(attrs.number("start"), attrs.number("end"), attrs.number("step"))};
    }

    private DType dtype(Attrs given) {
        return integers ? DType.INT64 : given.dtype("dtype");
    }

    @Override
    public boolean isLeaf() {
        return true;
    }

    /** Whether its numbers are drawn, so that a seed tells which. */
    public boolean isRandom() {
        return attrs().contains(SEEDED);
    }

    @Override
    public Meta[] infer(Attrs given, Meta... in) {
        DType dtype = dtype(given);
        if (isRandom() && !integers && !dtype.isFloat()) {
            throw TorchError.notImplemented(type().equals("rand") || type().equals("uniform")
                    ? "check_uniform_bounds" : "normal_kernel_cpu", dtype);
        }
        if (isRandom() && (given.integer(DRAWN) < 0 || given.integer(DRAWN) > MAX_DRAWN)) {
            throw TorchError.value("drawn must be 0 to " + MAX_DRAWN + ", but got " + given.integer(DRAWN));
        }
        if (attrs().contains(PAIRED) && (given.integer(PAIR) < NO_PAIR || given.integer(PAIR) != NO_PAIR
                && given.integer(PAIR) + PAIR_BITS > given.integer(DRAWN))) {
            throw TorchError.value("pair must be -1, or 0 to drawn - 4, but got " + given.integer(PAIR));
        }
        Leaf.check(dtype, given.flag("requires_grad"));
        return new Meta[] {new Meta(extents.of(given), dtype)};
    }

    @Override
    public Tensor[] apply(Attrs given, Tensor... in) {
        Meta meta = infer(given)[0];
        Tensor tensor = maker.make(given, meta.shape(), meta.dtype());
        return new Tensor[] {tensor.requiresGrad(given.flag("requires_grad"))};
    }

    /** Its numbers, to be drawn piece by piece; null where there are so few that it makes no difference. */
    Drawing drawing(Attrs given) {
        Meta meta = infer(given)[0];
        if (draw == null || View.numel(meta.shape()) < 2 * Drawing.PIECE) {
            return null;
        }
        Generator from = start(given);
        return new Drawing(meta, given.flag("requires_grad"),
                count -> draw.make(from, given, new int[] {count}, meta.dtype()));
    }
}
