package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.suite.fuzz.GraphText;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Writing in place into views and their bases: graphs, versions, gradients and refusals beside LibTorch. */
class ViewInPlaceOracleTest {
    /** The same calls on both sides. */
    private interface Both<T, R> {
        R on(T x);
    }


    private static org.bytedeco.pytorch.Tensor slice(org.bytedeco.pytorch.Tensor x, long start, long end) {
        return x.slice(0, new LongOptional(start), new LongOptional(end), 1);
    }

    private static org.bytedeco.pytorch.Tensor n(double value) {
        return Torch.number(value);
    }

    private static org.bytedeco.pytorch.Tensor noGrad(Supplier<org.bytedeco.pytorch.Tensor> call) {
        NoGradGuard guard = new NoGradGuard();
        try {
            return call.get();
        } finally {
            guard.close();
        }
    }

    private static Tensor ourNoGrad(Supplier<Tensor> call) {
        try (var _ = GradMode.noGrad()) {
            return call.get();
        }
    }

    /** Runs both sides on a leaf of 2 by 3; compares every tensor given back, then the gradients of their sums. */
    private static void same(Both<Tensor, Tensor[]> ours,
            Both<org.bytedeco.pytorch.Tensor, org.bytedeco.pytorch.Tensor[]> theirs) {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            try (PointerScope _ = new PointerScope()) {
                Tensor x = Tensor.of(new double[] {1, 2, -3, 0.5, 4, -1}, new int[] {2, 3}, type).requiresGrad(true);
                org.bytedeco.pytorch.Tensor tx = Torch.of(x);
                org.bytedeco.pytorch.Tensor[] expected = theirs.on(tx);
                Tensor[] actual = ours.on(x);
                Tensor loss = null;
                org.bytedeco.pytorch.Tensor torchLoss = null;
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(Torch.graph(expected[i]), GraphText.of(actual[i]), "graph of " + i);
                    assertEquals(expected[i].requires_grad(), actual[i].requiresGrad());
                    assertEquals(expected[i].is_leaf(), actual[i].isLeaf());
                    assertEquals(expected[i]._version(), actual[i].version(), "version of " + i);
                    assertEquals(expected[i].is_view(), actual[i].base() != null);
                    assertArrayEquals(Torch.values(expected[i]), actual[i].toDoubles(), "values of " + i);
                    Tensor term = actual[i].mul(actual[i]).sum();
                    org.bytedeco.pytorch.Tensor torchTerm = expected[i].mul(expected[i]).sum();
                    loss = loss == null ? term : loss.add(term);
                    torchLoss = torchLoss == null ? torchTerm : torchLoss.add(torchTerm);
                }
                List<Tensor> first = Autograd.grad(List.of(loss), List.of(x), null, null, true, null, false);
                TensorVector torchFirst = torch.grad(new TensorVector(torchLoss), new TensorVector(tx),
                        new TensorVector(), new org.bytedeco.pytorch.BoolOptional(true), true, false);
                assertArrayEquals(Torch.values(torchFirst.get(0)), first.get(0).toDoubles(), 1e-5, "gradient");
                assertEquals(torchFirst.get(0).requires_grad(), first.get(0).requiresGrad());
                first.get(0).mul(first.get(0)).sum().backward();
                torchFirst.get(0).mul(torchFirst.get(0)).sum().backward();
                assertArrayEquals(Torch.values(tx.grad()), x.grad().toDoubles(), 1e-3, "second gradient");
            }
        }
    }

    private static void refuses(Both<Tensor, Tensor[]> ours,
            Both<org.bytedeco.pytorch.Tensor, org.bytedeco.pytorch.Tensor[]> theirs) {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
            org.bytedeco.pytorch.Tensor tx = Torch.of(x);
            String expected = Torch.refusal(() -> theirs.on(tx));
            assertNotNull(expected);
            assertEquals(expected, Torch.refusal(() -> ours.on(x)));
        }
    }

    private static Tensor[] all(Tensor... tensors) {
        return tensors;
    }

    private static org.bytedeco.pytorch.Tensor[] all(org.bytedeco.pytorch.Tensor... tensors) {
        return tensors;
    }

    @Test
    void aViewWritten() {
        same(x -> {
            Tensor y = x.mul(2.0);
            Tensor row = y.select(0, 1);
            Tensor other = y.slice(0, 0, 1, 1);
            row.mul_(3);
            return all(row, y, other);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            org.bytedeco.pytorch.Tensor row = y.select(0, 1);
            org.bytedeco.pytorch.Tensor other = slice(y, 0, 1);
            row.mul_(n(3));
            return all(row, y, other);
        });
    }

    @Test
    void theBaseWritten() {
        same(x -> {
            Tensor y = x.mul(x);
            Tensor t = y.t();
            Tensor row = t.select(0, 2);
            y.mul_(y.detach().copy());
            return all(t, row, y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(x);
            org.bytedeco.pytorch.Tensor t = y.t();
            org.bytedeco.pytorch.Tensor row = t.select(0, 2);
            y.mul_(y.detach().clone());
            return all(t, row, y);
        });
    }

    @Test
    void viewsOfViewsWrittenSeveralTimes() {
        same(x -> {
            Tensor y = x.mul(2.0);
            Tensor t = y.t();
            Tensor row = t.select(0, 1);
            row.mul_(row.detach().copy());
            Tensor column = y.select(1, 1);
            column.mul_(row.detach().copy());
            t.add_(x.t());
            row.relu_();
            return all(t, column, row, y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            org.bytedeco.pytorch.Tensor t = y.t();
            org.bytedeco.pytorch.Tensor row = t.select(0, 1);
            row.mul_(row.detach().clone());
            org.bytedeco.pytorch.Tensor column = y.select(1, 1);
            column.mul_(row.detach().clone());
            t.add_(x.t());
            row.relu_();
            return all(t, column, row, y);
        });
    }

    @Test
    void aPlainBaseJoinsTheGraph() {
        same(x -> {
            Tensor y = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, new int[] {2, 3}, x.dtype());
            Tensor row = y.select(0, 1);
            row.copy_(x.select(0, 0));
            y.select(1, 2).mul_(x.select(1, 0));
            return all(row, y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = Torch
                    .of(Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, new int[] {2, 3}, Torch.dtype(x)));
            org.bytedeco.pytorch.Tensor row = y.select(0, 1);
            row.copy_(x.select(0, 0));
            y.select(1, 2).mul_(x.select(1, 0));
            return all(row, y);
        });
    }

    @Test
    void overwrittenPartsGetNoGradient() {
        same(x -> {
            Tensor y = x.mul(x);
            y.select(0, 0).zero_();
            y.select(1, 1).fill_(7);
            return all(y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(x);
            y.select(0, 0).zero_();
            y.select(1, 1).fill_(new Scalar(7.0));
            return all(y);
        });
    }

    @Test
    void anExpandedViewOfAWrittenBase() {
        same(x -> {
            Tensor y = x.sum(true, 0);
            Tensor wide = y.expand(4, 3);
            y.mul_(y.detach().copy());
            return all(wide, y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.sum(new long[] {0}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
            org.bytedeco.pytorch.Tensor wide = y.expand(4, 3);
            y.mul_(y.detach().clone());
            return all(wide, y);
        });
    }

    @Test
    void detachedMemoryIsNotFollowed() {
        same(x -> {
            Tensor y = x.mul(2.0);
            Tensor detached = y.detach();
            Tensor part = detached.select(0, 0);
            part.mul_(x.sum());
            return all(part, detached, y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            org.bytedeco.pytorch.Tensor detached = y.detach();
            org.bytedeco.pytorch.Tensor part = detached.select(0, 0);
            part.mul_(x.sum());
            return all(part, detached, y);
        });
    }

    @Test
    void leavesAndWhatLooksAtThem() {
        refuses(x -> all(x.select(0, 0).mul_(2)), x -> all(x.select(0, 0).mul_(n(2))));
        refuses(x -> all(x.mul_(2)), x -> all(x.mul_(n(2))));
        refuses(x -> all(ourNoGrad(() -> x.select(0, 0)).zero_()), x -> all(noGrad(() -> x.select(0, 0)).zero_()));
        refuses(x -> {
            Tensor y = Tensor.of(1, 2, 3, 4);
            Tensor square = y.viewAs(2, 2);
            square.select(0, 0).copy_(x.sum());
            return all(square.mul_(2));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = Torch.of(Tensor.of(1, 2, 3, 4));
            org.bytedeco.pytorch.Tensor square = y.view(2, 2);
            square.select(0, 0).copy_(x.sum());
            return all(square.mul_(n(2)));
        });
    }

    @Test
    void viewsMadeUnderNoGrad() {
        refuses(x -> {
            Tensor y = x.mul(2.0);
            return all(ourNoGrad(() -> y.select(0, 0)).mul_(2));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            return all(noGrad(() -> y.select(0, 0)).mul_(n(2)));
        });
        refuses(x -> {
            Tensor y = x.mul(2.0);
            Tensor view = ourNoGrad(() -> y.select(0, 0));
            y.mul_(2);
            return all(view.mul(2.0));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            org.bytedeco.pytorch.Tensor view = noGrad(() -> y.select(0, 0));
            y.mul_(n(2));
            return all(view.mul(n(2)));
        });
        refuses(x -> {
            Tensor y = Tensor.of(1, 2);
            return all(ourNoGrad(() -> y.select(0, 0)).mul_(x.sum()));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = Torch.of(Tensor.of(1, 2));
            return all(noGrad(() -> y.select(0, 0)).mul_(x.sum()));
        });
    }

    @Test
    void severalViewsAtOnce() {
        refuses(x -> all(x.mul(2.0).split(1, 0)[1].mul_(2)), x -> all(x.mul(n(2)).split(1).get(1).mul_(n(2))));
        refuses(x -> all(x.mul(2.0).chunk(2, 0)[0].mul_(2)), x -> all(x.mul(n(2)).chunk(2).get(0).mul_(n(2))));
        refuses(x -> {
            Tensor y = x.mul(2.0);
            Tensor part = y.split(1, 0)[1];
            y.mul_(2);
            return all(part.mul(2.0));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            org.bytedeco.pytorch.Tensor part = y.split(1).get(1);
            y.mul_(n(2));
            return all(part.mul(n(2)));
        });
        refuses(x -> all(Tensor.of(1, 2).split(1, 0)[0].mul_(x.sum())),
                x -> all(Torch.of(Tensor.of(1, 2)).split(1).get(0).mul_(x.sum())));
        same(x -> {
            Tensor y = Tensor.of(new double[] {1, 2}, new int[] {2}, x.dtype());
            y.split(1, 0)[1].mul_(2);
            return all(x.sum().mul(y));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = Torch.of(Tensor.of(new double[] {1, 2}, new int[] {2}, Torch.dtype(x)));
            y.split(1).get(1).mul_(n(2));
            return all(x.sum().mul(y));
        });
    }

    @Test
    void whatWasSavedAndWritten() {
        refuses(x -> {
            Tensor y = x.mul(2.0);
            y.select(0, 1).exp_().add_(1);
            y.sum().backward();
            return all(y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            y.select(0, 1).exp_().add_(new Scalar(1));
            y.sum().backward();
            return all(y);
        });
        refuses(x -> {
            Tensor y = x.mul(2.0);
            Tensor part = y.select(0, 1).exp_();
            y.add_(1);
            y.sum().backward();
            return all(part);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            org.bytedeco.pytorch.Tensor part = y.select(0, 1).exp_();
            y.add_(new Scalar(1));
            y.sum().backward();
            return all(part);
        });
        refuses(x -> {
            Tensor y = x.exp();
            y.detach().select(0, 0).zero_();
            y.sum().backward();
            return all(y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.exp();
            y.detach().select(0, 0).zero_();
            y.sum().backward();
            return all(y);
        });
        refuses(x -> {
            Tensor y = x.mul(2.0);
            Tensor z = y.mul(y);
            y.select(0, 0).mul_(3);
            z.sum().backward();
            return all(y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            org.bytedeco.pytorch.Tensor z = y.mul(y);
            y.select(0, 0).mul_(n(3));
            z.sum().backward();
            return all(y);
        });
    }

    @Test
    void namesWithTheirNamespace() {
        refuses(x -> {
            Tensor y = Tensor.of(1, 2, 3);
            y.copy_(x);
            Tensor z = y.mul(y);
            y.detach().zero_();
            z.sum().backward();
            return all(y);
        }, x -> {
            org.bytedeco.pytorch.Tensor y = Torch.of(Tensor.of(1, 2, 3));
            y.copy_(x);
            org.bytedeco.pytorch.Tensor z = y.mul(y);
            y.detach().zero_();
            z.sum().backward();
            return all(y);
        });
    }

    @Test
    void memoryThatIsWrittenTwice() {
        refuses(x -> all(x.sum().expand(3).mul_(2)), x -> all(x.sum().expand(3).mul_(n(2))));
        refuses(x -> all(x.sum().expand(3).copy_(x)), x -> all(x.sum().expand(3).copy_(x)));
    }

    @Test
    void memoryThatIsReadAndWritten() {
        refuses(x -> shifted(x.mul(2.0), true), x -> shifted(x.mul(n(2)), true));
        refuses(x -> shifted(x.mul(2.0), false), x -> shifted(x.mul(n(2)), false));
        refuses(x -> {
            Tensor y = x.expand(3, 3).copy();
            return all(y.add_(y.t()));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.expand(3, 3).clone();
            return all(y.add_(y.t()));
        });
        refuses(x -> {
            Tensor y = x.expand(3, 3).copy();
            return all(y.mul_(y.select(0, 1)));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.expand(3, 3).clone();
            return all(y.mul_(y.select(0, 1)));
        });
        same(x -> {
            Tensor y = x.mul(2.0);
            y.select(1, 0).add_(y.select(1, 1));
            y.select(0, 0).add_(y.select(0, 1));
            return all(y.add_(y.viewAs(2, 3)));
        }, x -> {
            org.bytedeco.pytorch.Tensor y = x.mul(n(2));
            y.select(1, 0).add_(y.select(1, 1));
            y.select(0, 0).add_(y.select(0, 1));
            return all(y.add_(y.view(2, 3)));
        });
    }

    private static Tensor[] shifted(Tensor y, boolean add) {
        Tensor to = y.slice(0, 1, 3, 1);
        Tensor from = y.slice(0, 0, 2, 1);
        return all(add ? to.add_(from) : to.copy_(from));
    }

    private static org.bytedeco.pytorch.Tensor[] shifted(org.bytedeco.pytorch.Tensor y, boolean add) {
        org.bytedeco.pytorch.Tensor to = slice(y, 1, 3);
        org.bytedeco.pytorch.Tensor from = slice(y, 0, 2);
        return all(add ? to.add_(from) : to.copy_(from));
    }
}
