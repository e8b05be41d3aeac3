package dev.backstep.web.app;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.jso.BenchOptions;
import dev.backstep.web.jso.BenchResult;
import dev.backstep.web.jso.EditorSubject;
import dev.backstep.web.jso.Editors;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Notebook;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.canvas.Canvas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * The editor under a hand: panning, zooming and dragging in a large graph, and stepping back through its run; and the
 * same graph in another editor.
 */
final class EditorBench {
    private static final int ROWS = 20;
    private static final double COLUMN = 250;
    private static final double ROW = 130;
    private static final int ELEMENTS = 24;

    private final HTMLElement stage = Dom.byId("stage");
    private String open = "";
    private EditorSubject subject;
    private Player player;

    /** Opens a graph of that size where it is not open already, and moves about in it; waits. */
    BenchResult run(int n, BenchOptions options, int times) {
        String wanted = n + " " + options.isPeer();
        if (!wanted.equals(open)) {
            if (subject != null) {
                subject.close();
            }
            Graph graph = graph(n);
            subject = options.isPeer() ? Editors.peer(stage, GraphJson.write(graph)).await() : canvas(graph);
            open = wanted;
        }
        boolean steps = options.getGesture().equals("step");
        if (steps) {
            player.seek(player.steps());
        }
        BenchResult result = Editors.drive(subject, options.getGesture(), times).await();
        if (steps) {
            result.setOk(result.isOk() && isRight(n));
        }
        return result;
    }

    private EditorSubject canvas(Graph graph) {
        HTMLElement view = Dom.make("div", "canvas-view");
        stage.appendChild(view);
        Look.load("en");
        Editor editor = new Editor();
        player = new Player(editor);
        Canvas canvas = new Canvas(view, editor, player, new HealthCheck(player),
                new Devices(Notebook.NONE));
        editor.open(graph);
        canvas.fit();
        player.forward();
        player.act(new BackwardCall(null, ones(), false, false));
        EditorSubject made = JSObjects.create();
        made.setStage(view);
        made.setNode(() -> view.querySelector("[data-node=\"" + id(0) + "\"]"));
        made.setFit(canvas::fit);
        made.setBack(() -> player.seek(player.step() - 1));
        made.setClose(() -> Dom.clear(stage));
        return made;
    }

    private static String id(int i) {
        return "n" + i;
    }

    /** Leaves of 24 numbers, then products, sums and tanh of them and of each other: 1.6 wires a node. */
    static Graph graph(int n) {
        List<GraphNode> nodes = new ArrayList<>();
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            String type = type(i, n);
            nodes.add(new GraphNode(id(i), type, "v" + i, type.equals("tensor")
                    ? Leaf.attrs(nested(leaf(i)), DType.FLOAT64, true) : Attrs.NONE,
                    i / ROWS * COLUMN, i % ROWS * ROW));
            if (!type.equals("tensor")) {
                wires.add(new Wire(new Port(id(i - 1), 0), new Port(id(i), 0)));
            }
            if (type.equals("add") || type.equals("mul")) {
                wires.add(new Wire(new Port(id(i - leaves(n)), 0), new Port(id(i), 1)));
            }
        }
        return Graph.of(nodes, wires, new Port(id(n - 1), 0));
    }

    private static int leaves(int n) {
        return n / 10;
    }

    /** A tenth are leaves; of the others, two of nine have one input and seven have two. */
    private static String type(int i, int n) {
        if (i < leaves(n)) {
            return "tensor";
        }
        return switch ((i - leaves(n)) % 9) {
            case 3, 8 -> "tanh";
            case 0, 2, 5, 7 -> "mul";
            default -> "add";
        };
    }

    private static double[] leaf(int i) {
        double[] values = new double[ELEMENTS];
        for (int k = 0; k < ELEMENTS; k++) {
            values[k] = Math.sin(i * ELEMENTS + k + 1);
        }
        return values;
    }

    private static List<Object> nested(double[] values) {
        List<Object> rows = new ArrayList<>();
        for (int row = 0; row < 4; row++) {
            List<Object> numbers = new ArrayList<>();
            for (int column = 0; column < 6; column++) {
                numbers.add(values[6 * row + column]);
            }
            rows.add(numbers);
        }
        return rows;
    }

    private static List<Object> ones() {
        double[] ones = new double[ELEMENTS];
        Arrays.fill(ones, 1);
        return nested(ones);
    }

    /** Whether the gradient of the first leaf at the last step is what the chain rule by hand gives. */
    private boolean isRight(int n) {
        Tensor grad = player.timeline().gradAt(new Port(id(0), 0), player.steps());
        double[] shown = grad.toDoubles();
        for (int k = 0; k < ELEMENTS; k++) {
            double expected = byHand(n, k);
            if (Math.abs(shown[k] - expected) > 1e-9 * Math.max(1e-12, Math.abs(expected))) {
                return false;
            }
        }
        return true;
    }

    private static double byHand(int n, int element) {
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = switch (type(i, n)) {
                case "tensor" -> leaf(i)[element];
                case "tanh" -> Math.tanh(v[i - 1]);
                case "mul" -> v[i - 1] * v[i - leaves(n)];
                default -> v[i - 1] + v[i - leaves(n)];
            };
        }
        double[] g = new double[n];
        g[n - 1] = 1;
        for (int i = n - 1; i >= leaves(n); i--) {
            switch (type(i, n)) {
                case "tanh" -> g[i - 1] += g[i] * (1 - v[i] * v[i]);
                case "mul" -> {
                    g[i - 1] += g[i] * v[i - leaves(n)];
                    g[i - leaves(n)] += g[i] * v[i - 1];
                }
                default -> {
                    g[i - 1] += g[i];
                    g[i - leaves(n)] += g[i];
                }
            }
        }
        return g[0];
    }
}
