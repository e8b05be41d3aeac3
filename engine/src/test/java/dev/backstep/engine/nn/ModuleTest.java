package dev.backstep.engine.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names, modes and state of modules, in PyTorch's words. */
class ModuleTest {
    private final Generator generator = new Generator().manualSeed(3);

    private Sequential model() {
        return new Sequential(new Linear(2, 3, generator), Activation.tanh(), new BatchNorm1d(3, DType.FLOAT32),
                new Linear(3, 1, generator));
    }

    @Test
    void parametersAndStateHaveNames() {
        Sequential model = model();
        assertEquals(List.of("0.weight", "0.bias", "2.weight", "2.bias", "3.weight", "3.bias"),
                List.copyOf(model.namedParameters().keySet()));
        assertEquals(List.of("0.weight", "0.bias", "2.weight", "2.bias", "2.running_mean", "2.running_var",
                "2.num_batches_tracked", "3.weight", "3.bias"), List.copyOf(model.stateDict().keySet()));
        assertEquals(List.of("2.running_mean", "2.running_var", "2.num_batches_tracked"),
                List.copyOf(model.namedBuffers().keySet()));
        assertFalse(model.stateDict().get("0.weight").requiresGrad());
    }

    @Test
    void aParameterUsedTwiceCountsOnce() {
        Linear shared = new Linear(2, 2, generator);
        assertEquals(2, new Sequential(shared, Activation.relu(), shared).parameters().size());
    }

    @Test
    void printsAsPyTorchDoes() {
        assertEquals("""
                Sequential(
                  (0): Linear(in_features=2, out_features=3, bias=True)
                  (1): Sequential(
                    (0): Conv2d(1, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
                    (1): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
                  )
                  (2): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                  (3): LayerNorm((3,), eps=1e-05, elementwise_affine=True)
                  (4): LayerNorm((3, 2), eps=1e-05, elementwise_affine=True)
                  (5): Embedding(6, 4)
                  (6): Dropout(p=0.5, inplace=False)
                  (7): GELU(approximate='none')
                  (8): LeakyReLU(negative_slope=0.01)
                  (9): Softmax(dim=1)
                  (10): Flatten(start_dim=1, end_dim=-1)
                  (11): MSELoss()
                  (12): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True)
                  (13): Embedding(6, 4, padding_idx=5)
                )""", new Sequential(new Linear(2, 3, generator),
                new Sequential(new Conv2d(1, 4, 3, 1, 1, generator), new MaxPool2d(2)),
                new BatchNorm1d(3, DType.FLOAT32), new LayerNorm(DType.FLOAT32, 3),
                new LayerNorm(DType.FLOAT32, 3, 2), new Embedding(6, 4, DType.FLOAT32, generator),
                new Dropout(0.5, generator), Activation.gelu(), Activation.leakyRelu(0.01), Activation.softmax(1),
                Activation.flatten(), Loss.mse(Loss.Reduction.MEAN),
                new MaxPool2d(3, 2, 1, 2, true), new Embedding(6, 4, -1, DType.FLOAT32, generator)).toString());
    }

    @Test
    void stateIsLoadedOrRefusedInPyTorchsWords() {
        Sequential from = model();
        Sequential to = model();
        to.loadStateDict(from.stateDict());
        from.stateDict().forEach((name, tensor) ->
                assertArrayEquals(tensor.toDoubles(), to.stateDict().get(name).toDoubles(), name));

        Map<String, Tensor> odd = new LinkedHashMap<>(from.stateDict());
        odd.remove("3.bias");
        odd.remove("2.running_mean");
        odd.put("extra", Tensor.scalar(1));
        odd.put("0.weight", Tensor.zeros(new int[] {3, 4}, DType.FLOAT32));
        TorchError refusal = assertThrows(TorchError.class, () -> to.loadStateDict(odd));
        assertEquals("Error(s) in loading state_dict for Sequential:\n"
                + "\tMissing key(s) in state_dict: \"2.running_mean\", \"3.bias\". \n"
                + "\tUnexpected key(s) in state_dict: \"extra\". \n"
                + "\tsize mismatch for 0.weight: copying a param with shape torch.Size([3, 4]) from checkpoint, the "
                + "shape in current model is torch.Size([3, 2]).", refusal.getMessage());
        odd.remove("0.weight");
        to.loadStateDict(odd, false);
    }

    @Test
    void modesReachEveryPart() {
        Sequential model = model();
        model.eval();
        assertFalse(model.children().get(2).isTraining());
        model.train();
        assertTrue(model.children().get(2).isTraining());
        Tensor x = generator.randn(DType.FLOAT32, 5);
        Dropout dropout = new Dropout(0.5, generator);
        dropout.eval();
        assertSame(x, dropout.forward(x));
    }

    @Test
    void frozenPartsGetNoGradient() {
        Sequential model = model();
        model.children().get(0).requiresGrad(false);
        model.forward(generator.randn(DType.FLOAT32, 4, 2)).sum().backward();
        assertNull(model.namedParameters().get("0.weight").grad());
        assertEquals(3, model.namedParameters().get("3.weight").grad().numel());
        model.zeroGrad(false);
        assertArrayEquals(new double[3], model.namedParameters().get("3.weight").grad().toDoubles());
        model.zeroGrad();
        assertNull(model.namedParameters().get("3.weight").grad());
    }

    @Test
    void parametersToVectorAndBack() {
        List<Tensor> params = model().parameters();
        Tensor vector = Gradients.toVector(params);
        assertEquals(9 + 6 + 4, vector.numel());
        assertEquals("CatBackward0", vector.gradFn().name());
        Gradients.fromVector(vector.detach().mul(2.0), params);
        assertArrayEquals(vector.mul(2.0).toDoubles(), Gradients.toVector(params).toDoubles());
        assertThrows(TorchError.class, () -> Gradients.fromVector(Tensor.of(1, 2, 3), params));
    }

    @Test
    void valuesAreClipped() {
        Tensor w = Tensor.of(1, -2, 3).requiresGrad(true);
        w.square().sum().backward();
        Gradients.clipValue(List.of(w), 2.5);
        assertArrayEquals(new double[] {2, -2.5, 2.5}, w.grad().toDoubles());
    }

    @Test
    void aNormThatIsNoNumberIsRefusedOnRequest() {
        Tensor w = Tensor.of(1, 0).requiresGrad(true);
        w.div(Tensor.of(1, 0)).sum().backward();
        TorchError refusal = assertThrows(TorchError.class, () -> Gradients.clipNorm(List.of(w), 1, 2, true));
        assertTrue(refusal.getMessage().startsWith("The total norm of order 2.0 for gradients from `parameters` is "
                + "non-finite"), refusal.getMessage());
    }

    @Test
    void lossesKeepTheirWeights() {
        Tensor weight = Tensor.of(1, 2, 3);
        assertEquals(List.of("weight"), List.copyOf(
                Loss.crossEntropy(Loss.Reduction.MEAN, weight, -100, 0.1).stateDict().keySet()));
        assertEquals(List.of("pos_weight"), List.copyOf(
                Loss.bceWithLogits(Loss.Reduction.MEAN, null, weight).stateDict().keySet()));
        assertEquals(List.of(), List.copyOf(Loss.nll(Loss.Reduction.MEAN).stateDict().keySet()));
    }

    @Test
    void paddingStaysWhereItIs() {
        Embedding table = new Embedding(3, 2, -3, DType.FLOAT32, generator);
        assertArrayEquals(new double[2], table.weight().select(0, 0).toDoubles());
        table.forward(Tensor.of(new long[] {0, 1, 0}, 3)).sum().backward();
        assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0}, table.weight().grad().toDoubles());
        TorchError refusal = assertThrows(TorchError.class,
                () -> new Embedding(3, 2, 3, DType.FLOAT32, generator));
        assertEquals("Padding_idx must be within num_embeddings", refusal.getMessage());
    }
}
