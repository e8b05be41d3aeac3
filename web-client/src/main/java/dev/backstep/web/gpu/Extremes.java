package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Largest and smallest elements over the last dimensions, and their places: all four look for the first place, by
 * integers that are ordered as the elements are, NaN above all. A long row's parts leave their places in scratch
 * memory.
 */
final class Extremes {
    private static final int PART = 256;
    private static final int MANY = 4096;

    private final Operand out;
    private final Operand in;
    /** The dimensions in which each is looked for. */
    private final Dims row;
    private final boolean largest;
    private final boolean place;
    private final List<Slot> slots;

    private Extremes(Operand out, Operand in, Dims row, boolean largest, boolean place, List<Slot> slots) {
        this.out = out;
        this.in = in;
        this.row = row;
        this.largest = largest;
        this.place = place;
        this.slots = slots;
    }

    /** @param place whether the element's place is wanted and not the element */
    static void find(Operand out, Operand in, boolean largest, boolean place, List<Slot> slots, List<Dispatch> to) {
        int rank = Math.min(out.shape().length, in.shape().length);
        int[] rows = Arrays.copyOf(in.shape(), rank);
        Dims row = Dims.of(List.of(in), IntStream.range(rank, in.shape().length).toArray());
        int length = row.numel;
        Dims dims = Dims.of(List.of(new Operand(out.slot(), out.type(), rows, out.strides(), out.offset()),
                new Operand(in.slot(), in.type(), rows, Arrays.copyOf(in.strides(), rank), in.offset())));
        if (dims.numel == 0 || length == 0) {
            return;
        }
        Extremes e = new Extremes(out, in, row, largest, place, slots);
        if (dims.numel >= MANY || length <= 2 * PART) {
            to.add(e.search(dims, length, 1, -1, false));
            return;
        }
        int parts = Math.min((length + PART - 1) / PART, Math.max(2, 4 * MANY / dims.numel));
        slots.add(new Slot(DType.INT64, dims.numel * parts));
        int scratch = slots.size() - 1;
        to.add(e.search(dims, length, parts, scratch, false));
        to.add(e.search(dims, parts, 1, scratch, true));
    }

    /**
     * @param parts into how many parts a row is split, whose places go to scratch; with 1 the results go out
     * @param again whether the candidates are the places in scratch memory
     */
    private Dispatch search(Dims dims, int length, int parts, int scratch, boolean again) {
        Shader shader = new Shader(slots);
        PlaceFunction.declare(shader, "place", row.extents, row.strides[0]);
        if (in.type() == DType.FLOAT32) {
            shader.declare("fn order(x: f32) -> i32 { return select(" + (largest ? "" : "~") + "rank(x), 2147483647, "
                    + "is_nan(x)); }\n");
        } else {
            shader.declare("fn order(x: i32) -> i32 { return " + (largest ? "" : "~") + "x; }\n");
        }
        String count = shader.word(parts);
        String elements = shader.read(in.slot());
        shader.add("let row = id / ", count, ";\nlet part = id % ", count, ";\nlet length = ", shader.word(length),
                ";");
        shader.add("let base = ", Folds.places(shader, dims, 1, "row", in.offset(), "r"), ";");
        String candidate = again ? "u32(" + shader.read(scratch) + "[row * length + j])" : "j";
        shader.add("var j = part;\nvar best = ", candidate, ";\nvar most = order(", elements,
                "[base + place(best)]);");
        shader.add("for (j += ", count, "; j < length; j += ", count, ") {\nlet at = ", candidate,
                ";\nlet now = order(", elements, "[base + place(at)]);");
        shader.add("if (now > most || (now == most && at < best)) { most = now; best = at; }\n}");
        if (parts > 1) {
            shader.add(shader.write(scratch), "[id] = i32(best);");
        } else {
            String found = place ? "i32(best)" : elements + "[base + place(best)]";
            shader.add(shader.write(out.slot()), "[", Folds.places(shader, dims, 0, "row", out.offset(), "o"), "] = ",
                    place ? found : Elementwise.convert(found, in.type(), out.type()), ";");
        }
        return shader.dispatch(dims.numel * parts);
    }
}
