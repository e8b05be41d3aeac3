package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.engine.backend.device.Tolerance;
import dev.backstep.engine.formula.FormulaException;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import dev.backstep.web.device.Entry;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.devices.DeviceText;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** On which device a box ran and why there, the choice of another, and what each of them makes of the same inputs. */
final class DevicePart {
    private final Context context;
    private final GraphNode node;
    private final HTMLElement results = Dom.make("div", "check-results");

    DevicePart(Context context, GraphNode node) {
        this.context = context;
        this.node = node;
    }

    /** Where it ran, in a word. */
    String note() {
        PlacedBackend.Ran ran = context.devices().ran(node.id());
        return context.player().playback() == null ? ""
                : DeviceText.name(ran == null ? PlacedBackend.CPU : ran.device());
    }

    void fill(HTMLElement body) {
        if (context.player().playback() != null) {
            body.appendChild(Dom.make("p", "form-help", isDouble() ? Text.of("devices.ran.double")
                    : DeviceText.ran(context.devices().ran(node.id()))));
        }
        String now = node.attrs().has(NodeTypes.DEVICE) ? node.attrs().text(NodeTypes.DEVICE) : NodeTypes.AUTO;
        List<String> choices = NodeTypes.attrs(NodeTypes.of(node)).stream()
                .filter(spec -> spec.name().equals(NodeTypes.DEVICE)).findFirst().orElseThrow().choices();
        HTMLSelectElement select = Fields.choice(now, choices, "devices.name.");
        Dom.on(select, "change", event -> choose(select.getValue()));
        body.appendChild(Fields.inline(Text.of("devices.choose"), select, NodeTypes.DEVICE));
        Entry chosen = context.devices().entry(now);
        if (!now.equals(NodeTypes.AUTO) && (chosen == null || !chosen.isReady())) {
            body.appendChild(Dom.make("p", "problem", Text.of("devices.notHere", DeviceText.name(now),
                    chosen == null ? Text.of("devices.state.MISSING") : DeviceText.reason(chosen))));
        }
        HTMLElement compare = Dom.button("action outlined", null, Text.of("devices.compare"), this::compare);
        compare.setAttribute("data-field", "devices-compare");
        body.appendChild(Dom.make("div", "buttons", compare));
        results.setAttribute("aria-live", "polite");
        body.appendChild(results);
    }

    private boolean isDouble() {
        BoxCall call = call();
        return call != null && call.outputs.stream().anyMatch(output -> output.dtype() == DType.FLOAT64);
    }

    private BoxCall call() {
        Playback playback = context.player().playback();
        return playback == null ? null : BoxCall.of(playback, node.id(), context.player().step());
    }

    private void choose(String device) {
        GraphNode changed = node.with(device.equals(NodeTypes.AUTO) ? node.attrs().without(NodeTypes.DEVICE)
                : node.attrs().with(NodeTypes.DEVICE, device));
        context.editor().apply(Edits.update(context.editor().graph(), List.of(changed)));
    }

    private void compare() {
        Dom.clear(results);
        context.devices().want();
        BoxCall call = call();
        if (call == null) {
            results.appendChild(Dom.make("p", "verdict", Text.of("node.notComputed")));
            return;
        }
        List<Numbers> inputs = call.inputs.stream().map(Numbers::of).toList();
        Tensor[] reference = run(call, inputs, new CpuBackend());
        if (reference == null) {
            return;
        }
        HTMLElement table = Dom.make("table", "devices-compared");
        HTMLElement head = Dom.make("tr", "");
        for (String title : List.of("devices.compare.device", "devices.compare.difference", "devices.compare.where")) {
            head.appendChild(Dom.make("th", "", Text.of(title)));
        }
        table.appendChild(head);
        for (Entry entry : context.devices().entries()) {
            if (entry.name().equals(PlacedBackend.CPU)) {
                continue;
            }
            Backend there = context.devices().only(entry);
            HTMLElement row = Dom.make("tr", "", Dom.make("td", "", DeviceText.name(entry.name())));
            Tensor[] result = there == null ? null : run(call, inputs, there);
            if (result == null) {
                row.appendChild(Dom.make("td", "", DeviceText.reason(entry)));
                row.appendChild(Dom.make("td", "", ""));
            } else {
                Difference difference = difference(reference, result);
                row.appendChild(Dom.make("td", "", difference.words()));
                row.appendChild(Dom.make("td", "", difference.place()));
            }
            table.appendChild(row);
        }
        results.appendChild(table);
    }

    /** What a tensor holds, for other backends than its own. */
    private record Numbers(double[] values, long[] whole, int[] shape, DType type) {
        static Numbers of(Tensor tensor) {
            boolean isWhole = tensor.dtype() == DType.INT64;
            return new Numbers(isWhole ? null : tensor.toDoubles(), isWhole ? tensor.toLongs() : null, tensor.shape(),
                    tensor.dtype());
        }

        Tensor tensor() {
            return whole == null ? Tensor.of(values, shape, type) : Tensor.of(whole, shape);
        }
    }

    /** The box once more on one device alone; null where it refuses. */
    private Tensor[] run(BoxCall call, List<Numbers> inputs, Backend there) {
        Backends.use(there);
        try (GradMode.Scope _ = GradMode.noGrad()) {
            Tensor[] in = inputs.stream().map(Numbers::tensor).toArray(Tensor[]::new);
            Tensor[] out = call.type.apply(call.attrs, in);
            List<Tensor> here = new ArrayList<>();
            for (Tensor tensor : out) {
                here.add(Tensor.of(tensor.toDoubles(), tensor.shape(), DType.FLOAT64));
            }
            return here.toArray(Tensor[]::new);
        } catch (TorchError | FormulaException refused) {
            Notices.error(refused.getMessage());
            return null;
        } finally {
            context.devices().back();
        }
    }

    /** The largest difference, as a text, and where it is. */
    private record Difference(String words, String place) {
    }

    /** Where numbers differ most; a number beside NaN is more than any. How much, next to the largest number of all. */
    private static Difference difference(Tensor[] expected, Tensor[] actual) {
        double most = 0;
        double largest = 0;
        String ulps = "";
        String place = "";
        for (int k = 0; k < expected.length; k++) {
            double[] e = expected[k].toDoubles();
            double[] a = actual[k].toDoubles();
            for (int i = 0; i < e.length; i++) {
                largest = Double.isFinite(e[i]) ? Math.max(largest, Math.abs(e[i])) : largest;
                double off = e[i] == a[i] || e[i] != e[i] && a[i] != a[i] ? 0 : Math.abs(a[i] - e[i]);
                off = off != off ? Double.POSITIVE_INFINITY : off;
                if (off > most) {
                    most = off;
                    ulps = Long.toString(Tolerance.distance((float) e[i], (float) a[i]));
                    place = position(i, expected[k].shape()) + ": " + Float.toString((float) a[i]) + " / "
                            + Float.toString((float) e[i]);
                }
            }
        }
        return most == 0 ? new Difference(Text.of("devices.compare.same"), "")
                : new Difference(Double.isInfinite(most) ? "nan"
                        : Text.of("devices.compare.off", NumberText.brief(most / largest), ulps), place);
    }

    private static String position(int element, int[] shape) {
        StringBuilder text = new StringBuilder();
        int left = element;
        for (int i = shape.length - 1; i >= 0; i--) {
            text.insert(0, (i == 0 ? "" : ", ") + left % shape[i]);
            left /= shape[i];
        }
        return "[" + text + "]";
    }
}
