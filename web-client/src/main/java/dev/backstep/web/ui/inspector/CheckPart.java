package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.formula.FormulaException;
import dev.backstep.engine.lens.Call;
import dev.backstep.engine.lens.NodeCheck;
import dev.backstep.engine.step.BoxRun;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import dev.backstep.web.value.TensorText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** Whether the derivative of one box agrees with finite differences: by its gradients, and by PyTorch's gradcheck. */
final class CheckPart {
    private final Context context;
    private final String box;
    private final BoxCall call;
    private final List<Tensor> incoming;
    private final HTMLElement results = Dom.make("div", "check-results");

    private CheckPart(Context context, String box, BoxCall call, List<Tensor> incoming) {
        this.context = context;
        this.box = box;
        this.call = call;
        this.incoming = incoming;
    }

    /** Of the call that stands at this step; null where the box was not called yet, or is nothing to differentiate. */
    static CheckPart of(Context context, String box) {
        Playback playback = context.player().playback();
        BoxCall call = playback == null ? null : BoxCall.of(playback, box, context.player().step());
        if (call == null || !call.isDifferentiable()) {
            return null;
        }
        BoxRun run = BoxRun.find(playback, box, context.player().step());
        return new CheckPart(context, box, call, run == null ? null : run.incoming());
    }

    /** What is known already, in a word. */
    String note() {
        NodeCheck.Verdict verdict = context.findings().verdict(box);
        return verdict == null ? "" : switch (verdict.outcome()) {
            case PASSED -> Text.of("check.passedNote");
            case MISMATCH -> Text.of("check.mismatchNote");
            case TOO_LARGE, NOT_APPLICABLE -> "";
        };
    }

    void fill(HTMLElement body) {
        HTMLElement compare = Dom.button("action outlined", null, Text.of("check.compare"), this::compare);
        compare.setAttribute("data-field", "check-compare");
        HTMLElement gradcheck = Dom.button("action outlined", null, "gradcheck", this::gradcheck);
        gradcheck.setAttribute("data-field", "check-gradcheck");
        body.appendChild(Dom.make("p", "hint", Text.of("check.hint")));
        body.appendChild(Dom.make("div", "buttons", compare, gradcheck));
        results.setAttribute("aria-live", "polite");
        body.appendChild(results);
        show();
    }

    private List<Tensor> weights() {
        if (incoming != null) {
            return incoming;
        }
        return call.outputs.stream().map(output -> output.dtype().isFloat()
                ? Tensor.ones(output.shape(), output.dtype()) : null).toList();
    }

    private void compare() {
        List<Findings.Compared> found = new ArrayList<>();
        Call again = call.call();
        for (int k = 0; k < call.inputs.size(); k++) {
            if (!call.inputs.get(k).dtype().isFloat() || !again.differentiated().get(k)) {
                continue;
            }
            int[] shape = call.inputs.get(k).shape();
            int count = call.inputs.get(k).numel();
            NodeCheck.Comparison comparison = null;
            if (NodeCheck.isComparable(again, weights(), count)) {
                int[] all = new int[count];
                for (int i = 0; i < count; i++) {
                    all[i] = i;
                }
                try {
                    comparison = NodeCheck.compare(again, weights(), k, all);
                } catch (TorchError | FormulaException refused) {
                    Notices.error(refused.getMessage());
                    return;
                }
            }
            found.add(new Findings.Compared(call.inputNames.get(k), shape, comparison));
        }
        context.findings().compared(box, found);
        show();
    }

    private void gradcheck() {
        NodeCheck.Verdict verdict;
        try {
            verdict = NodeCheck.gradcheck(call.call());
        } catch (TorchError | FormulaException refused) {
            Notices.error(refused.getMessage());
            return;
        }
        context.findings().verdict(box, verdict);
        show();
    }

    private void show() {
        HTMLElement noted = results.getParentNode() == null ? null
                : ((HTMLElement) results.getParentNode().getParentNode()).querySelector(".fold-note");
        if (noted != null) {
            noted.setTextContent(note());
        }
        Dom.clear(results);
        NodeCheck.Verdict verdict = context.findings().verdict(box);
        if (verdict != null) {
            verdict(verdict);
        }
        List<Findings.Compared> compared = context.findings().compared(box);
        if (compared != null) {
            results.appendChild(Dom.make("p", "hint",
                    Text.of(incoming == null ? "check.weightsOne" : "check.weights")));
            compared.forEach(this::compared);
        }
    }

    private void verdict(NodeCheck.Verdict verdict) {
        switch (verdict.outcome()) {
            case PASSED -> results.appendChild(Dom.make("p", "verdict good",
                    Text.of("check.passed", verdict.entries())));
            case TOO_LARGE -> results.appendChild(Dom.make("p", "verdict",
                    Text.of("check.tooLarge", verdict.entries(), NodeCheck.MAX_ENTRIES)));
            case NOT_APPLICABLE -> results.appendChild(Dom.make("p", "verdict", Text.of("check.notApplicable")));
            case MISMATCH -> {
                results.appendChild(Dom.make("p", "verdict bad", Text.of("check.mismatch")));
                HTMLElement words = Dom.make("pre", "torch-words", verdict.message().strip());
                words.setTabIndex(0);
                results.appendChild(words);
            }
        }
    }

    private void compared(Findings.Compared compared) {
        HTMLElement part = Dom.make("div", "derivation", Dom.make("h4", "", Text.of("moment.toward",
                compared.input())));
        NodeCheck.Comparison comparison = compared.comparison();
        if (comparison == null) {
            part.appendChild(Dom.make("p", "verdict", Text.of("check.large", TensorText.shape(compared.shape()),
                    NodeCheck.MAX_ELEMENTS)));
        } else if (comparison.elements().length == 1) {
            HTMLElement facts = Parts.facts(part);
            Parts.fact(facts, Text.of("check.analytic"), NumberText.of(comparison.analytic()[0]));
            Parts.fact(facts, Text.of("check.numeric"), NumberText.of(comparison.numeric()[0]));
            error(facts, comparison);
        } else {
            HTMLElement grids = Dom.make("div", "lens-grids");
            grid(grids, "check.analytic", comparison.analytic(), compared.shape());
            grid(grids, "check.numeric", comparison.numeric(), compared.shape());
            part.appendChild(grids);
            error(Parts.facts(part), comparison);
        }
        results.appendChild(part);
    }

    private static void error(HTMLElement facts, NodeCheck.Comparison comparison) {
        Parts.fact(facts, Text.of("check.error"), NumberText.of(comparison.error())
                + (comparison.agrees() ? " ✓" : " ✗"));
    }

    private static void grid(HTMLElement grids, String key, double[] numbers, int[] shape) {
        grids.appendChild(Dom.make("div", "lens-grid", Dom.make("div", "lens-name", Text.of(key)),
                new NumberGrid(Tensor.of(numbers, shape, DType.FLOAT64),
                        Text.of(key)).element));
    }
}
