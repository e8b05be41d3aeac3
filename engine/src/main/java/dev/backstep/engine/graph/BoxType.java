package dev.backstep.engine.graph;

import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.NodeType;
import java.util.List;

/** A type of box that is no op, by what every type tells of itself; what it computes is its subclass's. */
abstract class BoxType implements NodeType {
    private final String type;
    private final String torch;
    private final List<String> inputs;
    private final List<String> outputs;
    private final List<AttrSpec> attrs;
    private final Group group;
    private final String symbol;

    /** @see NodeType */
    BoxType(String type, String torch, List<String> inputs, List<String> outputs, List<AttrSpec> attrs, Group group,
            String symbol) {
        this.type = type;
        this.torch = torch;
        this.inputs = inputs;
        this.outputs = outputs;
        this.attrs = attrs;
        this.group = group;
        this.symbol = symbol;
    }

    @Override
    public final String type() {
        return type;
    }

    @Override
    public final String torch() {
        return torch;
    }

    @Override
    public final List<String> inputs() {
        return inputs;
    }

    @Override
    public final List<String> outputs() {
        return outputs;
    }

    @Override
    public final List<AttrSpec> attrs() {
        return attrs;
    }

    @Override
    public final Group group() {
        return group;
    }

    @Override
    public final String symbol() {
        return symbol;
    }
}
