package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.AttrSpec.Kind;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** A box that computes nothing: a comment, or a frame around others, which may stand for {@code torch.no_grad}. */
public final class Note extends BoxType {
    /** Text beside the drawing, in the attribute {@code text}. */
    public static final Note COMMENT = new Note("comment", "#", "✎", List.of(
            new AttrSpec("text", Kind.TEXT, ""), new AttrSpec("color", Kind.TEXT, "yellow")));

    /**
     * A named group of boxes, its {@code members}. It may be shown {@code collapsed} to one box, and with
     * {@code no_grad} what is in it runs unrecorded. {@code layer} says of which layer of a network its members are the
     * parts, see {@link LayerFrame}; it is empty for other frames.
     */
    public static final Note FRAME = new Note("frame", "torch.no_grad", "▢", List.of(
            new AttrSpec("members", Kind.IDS, List.of()), new AttrSpec("color", Kind.TEXT, "blue"),
            new AttrSpec("collapsed", Kind.FLAG, false), new AttrSpec("no_grad", Kind.FLAG, false),
            new AttrSpec(LayerFrame.LAYER, Kind.TEXT, "")));

    private Note(String type, String torch, String symbol, List<AttrSpec> attrs) {
        super(type, torch, List.of(), List.of(), attrs, Group.NOTE, symbol);
    }

    /** The boxes in a frame, by id. */
    public static List<String> members(GraphNode frame) {
        return frame.attrs().texts("members");
    }

    @Override
    public Meta[] infer(Attrs given, Meta... in) {
        return new Meta[0];
    }

    @Override
    public Tensor[] apply(Attrs given, Tensor... in) {
        return new Tensor[0];
    }
}
