package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Backward;
import dev.backstep.engine.tensor.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How graphs are built, run, kept and freed, each scene played here and in LibTorch. */
class AutogradOracleTest {
    private PointerScope scope;

    @BeforeEach
    void open() {
        scope = new PointerScope();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static String refused(Runnable call) {
        return assertThrows(Both.Refused.class, call::run).getMessage();
    }

    // Leaves

    @Test
    void leavesCollectAndOthersDoNot() {
        Both x = Both.leaf(1, 2);
        Both y = x.mul(x);
        y.sum().backward();
        x.checkGrad();
        y.checkGrad();
    }

    @Test
    void gradientsAddUp() {
        Both x = Both.leaf(1, 2);
        x.mul(3).sum().backward();
        x.checkGrad();
        x.exp().sum().backward();
        x.checkGrad();
        Both.act(() -> x.ours.grad(null), () -> x.theirs.mutable_grad().reset());
        x.checkGrad();
        x.sin().sum().backward();
        x.checkGrad();
    }

    @Test
    void requiresGradIsForLeaves() {
        Both x = Both.leaf(1, 2);
        Both y = x.mul(2);
        y.requiresGrad(true);
        assertTrue(refused(() -> y.requiresGrad(false)).contains("detach()"));
        x.requiresGrad(false);
        x.mul(2).check();
        Both c = Both.constant(1, 2).requiresGrad(true);
        c.mul(x).sum().backward();
        c.checkGrad();
    }

    @Test
    void detachedSharesMemoryAndVersion() {
        Both x = Both.leaf(1, 2);
        Both y = x.exp();
        Both d = y.detach();
        d.mul(2).check();
        d.add_(1);
        y.check();
        refused(() -> y.sum().backward());
    }

    @Test
    void withoutRecording() {
        Both x = Both.leaf(1, 2);
        Both.recording(false, () -> {
            Both y = x.mul(2);
            y.check();
            x.add_(1);
            Both.recording(true, () -> x.mul(2).check());
        });
        x.check();
        x.mul(x).sum().backward();
        x.checkGrad();
    }

    @Test
    void retainedGradients() {
        Both x = Both.leaf(1, 2);
        Both y = x.mul(2);
        Both z = y.mul(y);
        y.retainGrad();
        x.retainGrad();
        z.sum().backward();
        y.checkGrad();
        z.checkGrad();
        refused(() -> Both.constant(1).retainGrad());
    }

    // Backward and its arguments

    @Test
    void whatBackwardRefuses() {
        Both x = Both.leaf(1, 2);
        assertEquals("grad can be implicitly created only for scalar outputs", refused(() -> x.mul(2).backward()));
        // LibTorch refuses later and in other words than Python, which has these.
        assertEquals("Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a shape of "
                + "torch.Size([2]).", Torch.refusal(() -> x.mul(2).ours.backward(Both.constant(1, 2, 3).ours, false,
                        false)));
        refused(() -> Both.constant(1).sum().backward());
        x.checkGrad();
    }

    @Test
    void aGivenGradient() {
        Both x = Both.leaf(1, 2);
        x.mul(x).backward(Both.constant(3, -1), false, false);
        x.checkGrad();
        Both.leaf(2).backward();
    }

    @Test
    void onlySomeInputs() {
        Both x = Both.leaf(1, 2);
        Both w = Both.leaf(3, 4);
        Both y = x.mul(w);
        Both z = y.exp().sum();
        z.backwardInto(w, y);
        x.checkGrad();
        w.checkGrad();
        y.checkGrad();
    }

    /** A graph that saved nothing may run again; one that did is told apart at the node that saved. */
    @Test
    void whatWasFreed() {
        List<Function<Both, Both>> graphs = List.of(x -> x.add(x), x -> x.mul(3), x -> x.mul(x), x -> x.exp(),
                x -> x.add(1), x -> x.pow(2), x -> x.div(x), x -> x.relu(), x -> x.mul(Both.constant(1, 2)),
                x -> x.one(t -> t.neg(), t -> org.bytedeco.pytorch.global.torch.neg(t)),
                x -> x.one(t -> t.reshape(2, 1), t -> t.reshape(2, 1)),
                x -> x.one(t -> t.softmax(0), t -> org.bytedeco.pytorch.global.torch.softmax(t, 0)),
                x -> x.one(t -> t.max(), t -> org.bytedeco.pytorch.global.torch.max(t)),
                x -> x.one(t -> t.select(0, 1), t -> org.bytedeco.pytorch.global.torch.select(t, 0, 1)),
                x -> x.one(t -> t.mean(), t -> org.bytedeco.pytorch.global.torch.mean(t)));
        for (Function<Both, Both> graph : graphs) {
            Both x = Both.leaf(1, 2);
            Both y = graph.apply(x).sum();
            y.backward();
            Both.Refused refusal = null;
            try {
                y.backward();
            } catch (Both.Refused e) {
                refusal = e;
            }
            x.checkGrad();
            assertTrue(refusal == null || refusal.getMessage().startsWith("Trying to backward through the graph a "));
        }
    }

    @Test
    void keptGraphsRunAgain() {
        Both x = Both.leaf(1, 2);
        Both y = x.mul(x).sum();
        y.backward(null, true, false);
        y.backward(null, false, false);
        x.checkGrad();
        refused(() -> y.backward());
    }

    @Test
    void sharedPartsAreFreedForBoth() {
        Both x = Both.leaf(1, 2);
        Both middle = x.exp();
        Both a = middle.sum();
        Both b = middle.mul(2).sum();
        a.backward();
        refused(() -> b.backward());
        x.checkGrad();
    }

    // Gradients as results

    @Test
    void gradLeavesGradAlone() {
        Both x = Both.leaf(1, 2);
        Both w = Both.leaf(3, 4);
        Both y = x.mul(w);
        Both z = y.mul(y).sum();
        Both.grad(z, false, false, x, w);
        x.checkGrad();
        refused(() -> Both.grad(x.sum(), false, false, w));
        assertEquals(null, Both.grad(x.sum(), false, true, w).getFirst());
        // LibTorch has other words than Python, which has these.
        assertEquals("One of the differentiated Tensors does not require grad",
                Torch.refusal(() -> Autograd.grad(x.sum().ours, Both.constant(1).ours)));
        refused(() -> Both.grad(Both.constant(1).sum(), false, false, x));
    }

    @Test
    void gradOfTheMiddle() {
        Both x = Both.leaf(1, 2);
        Both y = x.exp();
        Both z = y.sin().sum();
        Both.grad(z, false, false, y);
        Both u = x.exp();
        Both v = u.mul(x).sum();
        Both.grad(v, false, false, u, x, v);
    }

    /** First, second and third derivative, of the chain itself and not only of its parts. */
    @Test
    void higherOrders() {
        List<Function<Both, Both>> functions = List.of(x -> x.pow(3), x -> x.exp().mul(x), x -> x.sin().tanh(),
                x -> x.sigmoid().mul(x), x -> x.div(x.mul(x).add(1)), x -> x.mul(x).mul(x).exp(),
                x -> x.relu().mul(x).mul(x), x -> x.pow(2.5));
        for (Function<Both, Both> function : functions) {
            Both x = Both.leaf(0.7, 1.3);
            Both y = function.apply(x).sum();
            for (int order = 1; order <= 3; order++) {
                Both gradient = Both.grad(y, true, true, x).getFirst();
                if (gradient == null) {
                    break;
                }
                y = gradient.sumOfGradient();
            }
        }
    }

    // Order

    /** The nodes behind tensors run in the order in which LibTorch runs them. */
    @Test
    void theOrderOfNodes() {
        List<Function<Both[], List<Both>>> graphs = List.of(
                // A diamond.
                in -> {
                    Both a = in[0].exp();
                    Both b = a.mul(2);
                    Both c = a.sin();
                    return List.of(a, b, c, b.add(c));
                },
                // Several leaves, some used twice.
                in -> {
                    Both a = in[0].mul(in[1]);
                    Both b = in[1].exp();
                    Both c = a.add(b);
                    Both d = in[2].mul(c);
                    return List.of(a, b, c, d, d.mul(a));
                },
                // A node made early whose gradient comes late.
                in -> {
                    Both early = in[0].sin();
                    Both a = in[1].exp();
                    Both b = a.tanh();
                    Both c = early.mul(a);
                    return List.of(early, a, b, c, c.add(b));
                });
        for (Function<Both[], List<Both>> graph : graphs) {
            Both[] leaves = {Both.leaf(0.5, 1), Both.leaf(2, 3), Both.leaf(4, 5)};
            List<Both> tensors = new ArrayList<>(Arrays.asList(leaves));
            tensors.addAll(graph.apply(leaves));
            List<Integer> expected = new ArrayList<>();
            List<VoidTensorHook> hooks = new ArrayList<>();
            for (int i = 0; i < tensors.size(); i++) {
                int number = i;
                VoidTensorHook hook = new VoidTensorHook() {
                    @Override
                    public void call(TensorBase gradient) {
                        expected.add(number);
                    }
                };
                hooks.add(hook);
                tensors.get(i).theirs.register_hook(hook);
            }
            Both root = tensors.getLast().sum();
            root.theirs.backward();
            List<Integer> actual = new ArrayList<>();
            Backward steps = Autograd.steps(List.of(root.ours), null, false, false, null);
            steps.forEachRemaining(step -> {
                for (int i = 0; i < tensors.size(); i++) {
                    Node node = tensors.get(i).ours.gradFn();
                    if (node == step.node() || node == null && step.node().name().equals("AccumulateGrad")
                            && ((dev.backstep.engine.tensor.AccumulateGrad) step.node()).variable()
                            == tensors.get(i).ours) {
                        actual.add(i);
                    }
                }
            });
            assertEquals(expected, actual);
            tensors.forEach(Both::checkGrad);
        }
    }

    // In place

    @Test
    void leavesRefuse() {
        Both x = Both.leaf(1, 2);
        refused(() -> x.add_(1));
        refused(() -> x.zero_());
        refused(() -> x.copy_(Both.constant(1, 2)));
        x.check();
    }

    /** Every in-place call on a result and on a constant, what it records, and the gradients that follow. */
    @Test
    void inPlaceGoesOnWithHistory() {
        List<Consumer<Both[]>> calls = List.of(t -> t[0].add_(t[1]), t -> t[0].sub_(t[1]), t -> t[0].mul_(t[1]),
                t -> t[0].div_(t[1]), t -> t[0].add_(2), t -> t[0].mul_(2), t -> t[0].pow_(3), t -> t[0].exp_(),
                t -> t[0].relu_(), t -> t[0].sigmoid_(), t -> t[0].clamp_(-1, 2.5), t -> t[0].zero_(),
                t -> t[0].fill_(4), t -> t[0].copy_(t[1]));
        for (Consumer<Both[]> call : calls) {
            Both x = Both.leaf(1, 2);
            Both w = Both.leaf(3, 4);
            Both result = x.mul(1.5);
            Both constant = Both.constant(5, -6);
            call.accept(new Both[] {result, w});
            result.check();
            call.accept(new Both[] {constant, w});
            constant.check();
            Both y = result.add(constant.mul(2)).sum();
            y.backward();
            x.checkGrad();
            w.checkGrad();
        }
    }

    /** What was saved and then written is missed, with the words that say what and where. */
    @Test
    void savedAndThenChanged() {
        List<Function<Both, Both>> uses = List.of(x -> x.exp(), x -> x.mul(x), x -> x.sin(), x -> x.add(x),
                x -> x.mul(2), x -> x.tanh(), x -> x.pow(2), x -> x.relu(), x -> x.div(x));
        for (Function<Both, Both> use : uses) {
            Both x = Both.leaf(1, 2);
            Both middle = x.mul(1.5);
            Both y = use.apply(middle);
            middle.add_(1);
            outcome(() -> y.sum().backward());
            x.checkGrad();

            Both again = Both.leaf(1, 2);
            Both z = use.apply(again.mul(1.5));
            z.mul_(2);
            outcome(() -> z.sum().backward());
            again.checkGrad();
        }
    }

    /** Lets both refuse or both run; that they agree is checked inside. */
    private static void outcome(Runnable call) {
        try {
            call.run();
        } catch (Both.Refused e) {
            assertTrue(e.getMessage().startsWith("one of the variables needed for gradient computation has been "
                    + "modified by an inplace operation"), e.getMessage());
        }
    }

    @Test
    void shapesAndTypesInPlace() {
        Both x = Both.constant(1, 2);
        refused(() -> x.add_(Both.constant(1, 2, 3)));
        refused(() -> Both.constant(1).add_(Both.constant(1, 2)));
        refused(() -> Both.constant(1).copy_(Both.constant(1, 2)));
        Both view = x.one(t -> t.reshape(2, 1), t -> t.reshape(2, 1));
        view.mul_(3);
        x.check();
    }
}
