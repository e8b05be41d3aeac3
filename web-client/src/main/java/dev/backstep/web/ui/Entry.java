package dev.backstep.web.ui;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.LayerKind;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing that can be put on the canvas, as the palette and the search menu offer it.
 *
 * @param preset the key of its name where it is a leaf of a special kind; null for an op, which has its own name
 * @param layer the layer where it is one, whose sizes are asked for when it is added; else null
 */
public record Entry(NodeType type, Attrs attrs, String preset, LayerKind layer) {
    /** The sign of every layer. */
    public static final String LAYER_SYMBOL = "▤";

    private Entry(NodeType type, Attrs attrs, String preset) {
        this(type, attrs, preset, null);
    }

    public static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(Leaf.TYPE, Leaf.attrs(1.0, DType.FLOAT32, true), "palette.parameter"));
        entries.add(new Entry(Leaf.TYPE, Leaf.attrs(1.0, DType.FLOAT32, false), "palette.constant"));
        for (NodeType type : NodeTypes.all()) {
            if (type.group() != null && type != Leaf.TYPE) {
                entries.add(new Entry(type, Attrs.NONE, null));
            }
        }
        for (LayerKind layer : LayerKind.values()) {
            entries.add(new Entry(Note.FRAME, Attrs.NONE, null, layer));
        }
        return entries;
    }

    public Group group() {
        return layer == null ? type.group() : Group.LAYER;
    }

    public String name() {
        return layer != null ? layer.torch() : preset == null ? type.type() : Text.of(preset);
    }

    /** A short sign for it. */
    public String symbol() {
        return layer == null ? Groups.symbol(type) : LAYER_SYMBOL;
    }

    /** What it is called in PyTorch. */
    public String torch() {
        return layer == null ? type.torch() : LayerFrame.torch(layer.torch());
    }

    /** How far the name is from what was searched for: it, its beginning, or elsewhere in it. */
    public int distance(String words) {
        String wanted = normal(words);
        return normal(name()).equals(wanted) ? 0 : normal(name()).startsWith(wanted) ? 1 : 2;
    }

    public boolean matches(String words) {
        String wanted = normal(words);
        return normal(name()).contains(wanted) || normal(torch()).contains(wanted)
                || symbol().contains(wanted);
    }

    private static String normal(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
