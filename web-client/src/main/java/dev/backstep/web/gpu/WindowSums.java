package dev.backstep.web.gpu;

import dev.backstep.engine.backend.Sliding;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Operand;
import java.util.List;

/** Images as sums over the windows that hold their elements: an invocation gathers what one element gets. */
final class WindowSums {
    private final Sliding windows;
    private final Shader shader;

    private WindowSums(Sliding windows, List<Slot> slots) {
        this.windows = windows;
        shader = new Shader(slots);
    }

    static void fold(Operand out, Operand in, List<Slot> slots, List<Dispatch> to) {
        Sliding windows = Sliding.of(out.shape(), out.strides());
        if (windows.size() > 0) {
            to.add(new WindowSums(windows, slots).gather(out, in));
        }
    }

    private Dispatch gather(Operand out, Operand in) {
        int[] s = in.strides();
        String plane = shader.word(windows.plane());
        String channels = shader.word(out.shape()[1]);
        String pitch = shader.word(windows.pitch());
        shader.add("let plane = id / ", plane, ";\nlet at = id % ", plane, ";");
        shader.add("let base = ", shader.word(in.offset()), " + plane / ", channels, " * ", shader.word(s[0]),
                " + plane % ", channels, " * ", shader.word(s[1]), ";");
        String element = Shader.element(out.type());
        shader.add("var total = ", element, "(0);");
        each(0, "u", "i32(at / " + pitch + ")");
        shader.add("let row = base + u32(u) * ", shader.word(s[2]), " + place_u * ", shader.word(s[4]), ";");
        each(1, "v", "i32(at % " + pitch + ")");
        shader.add("total += ", Elementwise.convert(shader.read(in.slot()) + "[row + u32(v) * " + shader.word(s[3])
                + " + place_v * " + shader.word(s[5]) + "]", in.type(), out.type()), ";");
        shader.add("}\n}");
        shader.add(shader.write(out.slot()), "[", shader.word(out.offset()), " + id] = ", "total;");
        return shader.dispatch(windows.size());
    }

    /** Begins a loop over the window's elements that can stand at that place, and tells the window's place then. */
    private void each(int d, String name, String at) {
        int dilation = windows.dilation()[d];
        int stride = windows.stride()[d];
        String step = "i32(" + shader.word(dilation) + ")";
        String reach = "i32(" + shader.word((windows.places()[d] - 1) * stride - dilation + 1) + ")";
        String length = "i32(" + shader.word(windows.window()[d]) + ")";
        shader.add("let at_" + name, " = ", at, ";\nlet end_" + name, " = min(", length, " - 1, at_" + name,
                dilation == 1 ? "" : " / " + step, ");");
        shader.add("for (var ", name, " = max(0, at_" + name, " - ", reach, ")", dilation == 1 ? "" : " / " + step,
                "; ", name, " <= end_" + name, "; ", name, "++) {\nlet over_" + name, " = u32(at_" + name, " - ", name,
                dilation == 1 ? "" : " * " + step, ");");
        if (stride == 1) {
            shader.add("let place_" + name, " = over_" + name, ";");
            return;
        }
        String apart = shader.word(stride);
        shader.add("if (over_" + name, " % ", apart, " != 0u) { continue; }\nlet place_" + name, " = over_" + name,
                " / ", apart, ";");
    }
}
