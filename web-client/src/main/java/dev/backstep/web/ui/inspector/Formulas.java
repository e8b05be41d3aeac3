package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.ui.Dom;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** Local derivatives as formulas. */
final class Formulas {
    private Formulas() {}

    static HTMLElement local(Op op, Attrs attrs, Expr derivative, int input, List<Tensor> inputs, Tensor output) {
        return Dom.make("div", "formula", "∂" + op.type() + "/∂" + op.inputs().get(Math.min(input, op.inputs().size() - 1)));
    }
}
