package dev.backstep.web.ui.inspector;

import dev.backstep.engine.formula.FormulaException;
import dev.backstep.engine.lens.NodeCheck;
import dev.backstep.engine.lens.Origins;
import dev.backstep.engine.step.BoxRun;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.LensText;
import dev.backstep.web.value.NumberText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * The picture of one input's gradient: pointing at a number of the outgoing gradient lights the numbers it was made of,
 * and writes the sum of products out.
 */
final class LensPicture {
    /** More outputs' gradients are not shown one by one. */
    private static final int MAX_INCOMING = 4;

    private final Context context;
    private final String key;
    private final BoxCall call;
    private final Origins origins;
    private final List<Tensor> incoming;
    private final BoxRun.Passed passed;
    private final IntFunction<HTMLElement> formula;
    private final int input;
    private final NumberGrid[] incomingGrids;
    private final NumberGrid outgoingGrid;
    /** The other factor of a product, or the local derivatives; null for neither. */
    private NumberGrid localGrid;
    private final HTMLElement told = Dom.make("div", "lens-sum");
    private int shown = -1;

    /** @param formula the local derivative at an element of the output, for an elementwise op */
    LensPicture(Context context, String box, BoxCall call, Origins origins, List<Tensor> incoming,
            BoxRun.Passed passed, Tensor local, IntFunction<HTMLElement> formula) {
        this.context = context;
        this.call = call;
        this.origins = origins;
        this.incoming = incoming;
        this.passed = passed;
        this.formula = formula;
        input = passed.input();
        key = box + ":" + input;
        incomingGrids = new NumberGrid[incoming.size()];
        int grids = 0;
        for (int o = 0; o < incoming.size(); o++) {
            if (incoming.get(o) != null && grids++ < MAX_INCOMING) {
                incomingGrids[o] = new NumberGrid(incoming.get(o), "d" + call.outputNames.get(o));
            }
        }
        outgoingGrid = new NumberGrid(passed.outgoing(), "d" + call.inputNames.get(input));
        int factor = origins.factor(input);
        if (factor >= 0) {
            localGrid = new NumberGrid(call.inputs.get(factor), call.inputNames.get(factor));
        } else if (local != null) {
            localGrid = new NumberGrid(local, Text.of("moment.local"));
        }
    }

    void fill(HTMLElement part) {
        HTMLElement grids = Dom.make("div", "lens-grids");
        for (int o = 0; o < incomingGrids.length; o++) {
            if (incomingGrids[o] != null) {
                grid(grids, Text.of("moment.incoming"), "d" + call.outputNames.get(o), incomingGrids[o], "incoming");
            }
        }
        if (localGrid != null) {
            int factor = origins.factor(input);
            grid(grids, factor >= 0 ? "" : Text.of("moment.local"), factor >= 0 ? call.inputNames.get(factor)
                    : "∂" + call.outputNames.getFirst() + "/∂" + call.inputNames.get(input), localGrid, "local");
        }
        grid(grids, Text.of("moment.outgoing"), "d" + call.inputNames.get(input), outgoingGrid, "outgoing");
        part.appendChild(grids);
        if (origins.rule(input) == null) {
            part.appendChild(Dom.make("p", "hint", Text.of("lens.large")));
            return;
        }
        told.setAttribute("aria-live", "polite");
        told.appendChild(Dom.make("p", "hint", Text.of("lens.point", "d" + call.inputNames.get(input))));
        part.appendChild(told);
        outgoingGrid.element.setAttribute("data-field", "lens-" + input);
        outgoingGrid.onPoint(this::show);
        int chosen = context.findings().chosen(key);
        if (chosen >= 0 && chosen < passed.outgoing().numel()) {
            outgoingGrid.choose(chosen);
        }
    }

    private static void grid(HTMLElement grids, String what, String name, NumberGrid grid, String classes) {
        grids.appendChild(Dom.make("div", "lens-grid " + classes, Dom.make("div", "lens-name",
                Dom.make("span", "", what), Dom.make("b", "", name)), grid.element));
    }

    /** Tells what an element was made of. */
    private void show(int element) {
        if (element == shown) {
            return;
        }
        shown = element;
        context.findings().choose(key, element);
        Dom.clear(told);
        Origins.Sum sum;
        try {
            sum = origins.of(input, element, incoming);
        } catch (TorchError | FormulaException refused) {
            told.appendChild(Dom.make("p", "hint", refused.getMessage()));
            return;
        }
        light(sum);
        tell(element, sum);
    }

    private void light(Origins.Sum sum) {
        for (int o = 0; o < incomingGrids.length; o++) {
            if (incomingGrids[o] == null) {
                continue;
            }
            int output = o;
            Set<Integer> lit = new HashSet<>();
            int first = -1;
            for (Origins.Term term : sum.terms()) {
                if (term.output() == output) {
                    lit.add(term.element());
                    first = first < 0 ? term.element() : first;
                }
            }
            incomingGrids[o].light(first, lit::contains);
        }
        if (localGrid != null) {
            Set<Integer> lit = new HashSet<>();
            int first = -1;
            for (Origins.Term term : sum.terms()) {
                int element = term.factor() >= 0 ? term.factorElement() : term.element();
                lit.add(element);
                first = first < 0 ? element : first;
            }
            localGrid.light(first, lit::contains);
        }
    }

    private void tell(int element, Origins.Sum sum) {
        String name = "d" + call.inputNames.get(input) + LensText.index(passed.outgoing().shape(), element);
        double outgoing = passed.outgoing().toDoubles()[element];
        if (sum.count() == 0) {
            told.appendChild(Dom.make("p", "", Text.of("lens.none", name)));
        } else {
            if (sum.rule() == Origins.Rule.ELEMENTWISE && sum.count() == 1) {
                told.appendChild(formula.apply(sum.terms().getFirst().element()));
            }
            String symbols = LensText.symbols(sum, call.inputNames, call.inputs.stream().map(Tensor::shape).toList(),
                    call.outputNames, call.outputs.stream().map(Tensor::shape).toList());
            told.appendChild(Dom.make("p", "lens-line", Dom.make("b", "", name), Dom.make("span", "", " = " + symbols)));
            told.appendChild(Dom.make("p", "lens-line", "= " + LensText.numbers(sum)));
            told.appendChild(Dom.make("p", "lens-line", Dom.make("b", "grad", "= " + NumberText.of(sum.value()))));
        }
        if (Math.abs(sum.value() - outgoing) > 1e-3 * Math.max(1e-6, Math.abs(sum.value()))) {
            told.appendChild(Dom.make("p", "hint", Text.of("lens.changed", NumberText.of(outgoing))));
        }
        HTMLElement result = Dom.make("span", "lens-difference");
        Findings.Difference known = context.findings().difference(key);
        if (known != null && known.element() == element) {
            result.setTextContent(text(known.comparison()));
        }
        HTMLElement button = Dom.button("action outlined small", null, Text.of("lens.difference"), () -> {
            NodeCheck.Comparison found = compare(element);
            context.findings().difference(key, new Findings.Difference(element, found));
            result.setTextContent(text(found));
        });
        button.setAttribute("data-field", "lens-difference-" + input);
        told.appendChild(Dom.make("div", "lens-check", button, result));
    }

    /** Null where the call is too large. */
    private NodeCheck.Comparison compare(int element) {
        return NodeCheck.isComparable(call.call(), incoming, 1)
                ? NodeCheck.compare(call.call(), incoming, input, element) : null;
    }

    private static String text(NodeCheck.Comparison comparison) {
        return comparison == null ? Text.of("check.largeCall", NodeCheck.MAX_CALL)
                : Text.of(comparison.agrees() ? "lens.agrees" : "lens.disagrees",
                        NumberText.of(comparison.numeric()[0]), NumberText.of(comparison.error()));
    }
}
