package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Sliding;
import dev.backstep.engine.backend.device.Operand;

/**
 * Images as sums over the windows that hold their elements: a thread gathers what one element gets, of floats in
 * float64 and rounded once, as the CPU does it.
 */
final class WindowSums {
    private final Sliding windows;
    private final Source source;

    private WindowSums(Sliding windows, Plan plan) {
        this.windows = windows;
        source = new Source(plan);
    }

    static void fold(Operand out, Operand in, Plan plan) {
        Sliding windows = Sliding.of(out.shape(), out.strides());
        if (windows.size() > 0) {
            new WindowSums(windows, plan).gather(out, in);
        }
    }

    private void gather(Operand out, Operand in) {
        int[] s = in.strides();
        DType wide = out.type() == DType.FLOAT32 ? DType.FLOAT64 : DType.INT64;
        String plane = source.word(windows.plane());
        String channels = source.word(out.shape()[1]);
        String pitch = source.word(windows.pitch());
        source.add("const unsigned plane = id / ", plane, ", at = id % ", plane, ";");
        source.add("const unsigned base = ", source.word(in.offset()), " + plane / ", channels, " * ",
                source.word(s[0]), " + plane % ", channels, " * ", source.word(s[1]), ";");
        source.add(wide == DType.FLOAT64 ? "double" : "long long", " total = 0;");
        each(0, "u", "at / " + pitch);
        source.add("const unsigned row = base + u * ", source.word(s[2]), " + place_u * ", source.word(s[4]), ";");
        each(1, "v", "at % " + pitch);
        source.add("total += ", source.read(in.slot()), "[row + v * ", source.word(s[3]), " + place_v * ",
                source.word(s[5]), "];\n}\n}");
        source.add(source.write(out.slot()), "[", source.word(out.offset()), " + id] = ",
                Source.convert("total", wide, out.type()), ";");
        source.perThread(windows.size());
    }

    /** Begins a loop over the window's elements that can stand at that place, and tells the window's place then. */
    private void each(int d, String name, String at) {
        String dilation = "(int) " + source.word(windows.dilation()[d]);
        String stride = source.word(windows.stride()[d]);
        String reach = "(int) " + source.word((windows.places()[d] - 1) * windows.stride()[d]);
        source.add("const int at_", name, " = (int) (", at, "), least_", name, " = at_", name, " - ", reach, " + ",
                dilation, " - 1;");
        source.add("for (int ", name, " = (least_", name, " < 0 ? 0 : least_", name, ") / ", dilation, "; ", name,
                " < (int) ", source.word(windows.window()[d]), " && ", name, " * ", dilation, " <= at_", name, "; ",
                name, "++) {");
        source.add("const unsigned over_", name, " = at_", name, " - ", name, " * ", dilation, ", place_", name,
                " = over_", name, " / ", stride, ";\nif (place_", name, " * ", stride, " != over_", name,
                ") continue;");
    }
}
