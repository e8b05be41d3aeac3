package dev.backstep.engine.step;

import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.Step;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One thing that happened in a run. Tensors in here never change. */
public sealed interface Event {
    /** The boxes it happened at, the one that acted first. */
    List<String> boxes();

    /** The wires along which something moved. */
    List<Wire> wires();

    /**
     * An op was called and gave its outputs.
     *
     * @param written the outputs of other boxes whose memory it wrote in place; empty for an op that is not in place
     */
    record Forward(String box, List<Wire> wires, List<Port> written) implements Event {
        @Override
        public List<String> boxes() {
            return List.of(box);
        }
    }

    /**
     * Forward began again.
     *
     * @param pass which forward of the session it is; the first, which has no event, is 0
     */
    record Again(int pass) implements Event {
        @Override
        public List<String> boxes() {
            return List.of();
        }

        @Override
        public List<Wire> wires() {
            return List.of();
        }
    }

    /**
     * An {@link Action} changed gradients or leaves all at once.
     *
     * @param boxes the optimizer where one acted, then the leaves that changed
     * @param norm the total norm before {@code clip_grad_norm_}, the value of a penalty, else null
     */
    record Acted(Action action, List<String> boxes, Tensor norm) implements Event {
        @Override
        public List<Wire> wires() {
            return List.of();
        }
    }

    /**
     * A hook was called.
     *
     * @param box the box that registered it
     * @param port the output whose gradient it saw, or null where that belongs to no box
     * @param before what it was given, null for none
     * @param after what it left, the same tensor where it replaced nothing
     */
    record Hook(int run, String box, Step.HookCall.Kind kind, Port port, Tensor before, Tensor after)
            implements Event {
        /** Whether it put something else in place of what it was given. */
        public boolean replaced() {
            return before != after;
        }

        @Override
        public List<String> boxes() {
            return port == null || port.node().equals(box) ? List.of(box) : List.of(box, port.node());
        }

        @Override
        public List<Wire> wires() {
            return List.of();
        }
    }

    /**
     * Backward began.
     *
     * @param run which backward of the session it is, from 0
     * @param gradient what it began with at the target
     */
    record Start(int run, Port target, Tensor gradient) implements Event {
        @Override
        public List<String> boxes() {
            return List.of(target.node());
        }

        @Override
        public List<Wire> wires() {
            return List.of();
        }
    }

    /**
     * A node of the backward graph ran. A box may have several nodes, and nodes made while gradients were computed
     * ({@code create_graph}) belong to no box.
     *
     * @param box the box whose call made the node, or null
     * @param incoming the gradient of each forward output, null where none came
     * @param raw what the derivative gave for each forward input, null where none was needed
     * @param outgoing the same after the sum over what broadcasting repeated
     * @param arrivals where the outgoing gradients went, in the order it happened
     */
    record NodeRun(
            int run,
            String box,
            Node node,
            List<Tensor> incoming,
            List<Tensor> raw,
            List<Tensor> outgoing,
            List<Arrival> arrivals)
            implements Event {
        /** PyTorch's name of the node, such as {@code MulBackward0}. */
        public String name() {
            return node.name();
        }

        @Override
        public List<String> boxes() {
            Set<String> boxes = new LinkedHashSet<>();
            if (box != null) {
                boxes.add(box);
            }
            for (Arrival arrival : arrivals) {
                if (arrival.port() != null) {
                    boxes.add(arrival.port().node());
                }
            }
            return List.copyOf(boxes);
        }

        @Override
        public List<Wire> wires() {
            return arrivals.stream().map(Arrival::wire).filter(Objects::nonNull).toList();
        }
    }

    /** A leaf's {@code .grad} took a gradient in. {@code before} is null where it was None. */
    record Accumulate(int run, String box, Tensor before, Tensor added, Tensor after) implements Event {
        @Override
        public List<String> boxes() {
            return List.of(box);
        }

        @Override
        public List<Wire> wires() {
            return List.of();
        }
    }

    /**
     * Something was refused: an op in forward, or backward.
     *
     * @param box where, or null
     * @param kind the exception PyTorch raises, such as RuntimeError, or null where PyTorch never hears of it
     */
    record Refused(String box, String kind, Reason reason) implements Event {
        /** PyTorch's text, or the engine's English one where PyTorch has none. */
        public String message() {
            return reason.torch() != null ? reason.torch() : reason.text();
        }

        @Override
        public List<String> boxes() {
            return box == null ? List.of() : List.of(box);
        }

        @Override
        public List<Wire> wires() {
            return List.of();
        }
    }

    /**
     * A gradient that a node sent on.
     *
     * @param input which input of the node it is the gradient of
     * @param port the output of a box that it is the gradient of, or null inside a box
     * @param wire the wire it moved along, against its direction; null inside a box, and where a box uses one output
     *         several times in a way that does not tell the wires apart
     * @param added the gradient
     * @param after the sum of all that has arrived there in this backward
     * @param last this gradient as the last term of that sum
     */
    record Arrival(int input, Port port, Wire wire, Tensor added, Tensor after, Term last) {
        /** Whether it was added to gradients that had arrived before: the fan-out's sum. */
        public boolean isSum() {
            return last.before() != null;
        }

        /** The terms of the sum so far, in the order they arrived. */
        public List<Term> terms() {
            List<Term> terms = new ArrayList<>();
            for (Term term = last; term != null; term = term.before()) {
                terms.add(term);
            }
            return terms.reversed();
        }
    }

    /**
     * One term of a sum of gradients.
     *
     * @param before the term that arrived before it, or null
     * @param box the box that sent it, or null
     */
    record Term(Term before, String box, Wire wire, Tensor gradient) {}
}
