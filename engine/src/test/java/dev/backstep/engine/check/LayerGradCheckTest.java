package dev.backstep.engine.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.nn.Activation;
import dev.backstep.engine.nn.BatchNorm1d;
import dev.backstep.engine.nn.Conv2d;
import dev.backstep.engine.nn.Dropout;
import dev.backstep.engine.nn.Embedding;
import dev.backstep.engine.nn.LayerNorm;
import dev.backstep.engine.nn.Linear;
import dev.backstep.engine.nn.Loss;
import dev.backstep.engine.nn.Loss.Reduction;
import dev.backstep.engine.nn.MaxPool2d;
import dev.backstep.engine.nn.Module;
import dev.backstep.engine.nn.Sequential;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * First and second derivatives of every layer and loss, training and not, against central differences, by the input and
 * by every parameter.
 */
class LayerGradCheckTest {
    private record Subject(String name, Module module, Tensor... inputs) {
    }

    private final Generator generator = new Generator().manualSeed(5);
    private final Generator masks = new Generator();
    private final List<Subject> subjects = subjects();

    private List<Subject> subjects() {
        List<Subject> all = new ArrayList<>();
        for (Module activation : List.of(Activation.relu(), Activation.leakyRelu(0.01), Activation.tanh(),
                Activation.sigmoid(), Activation.gelu(), Activation.silu(), Activation.softmax(1),
                Activation.flatten())) {
            all.add(new Subject("", activation, x(2, 3)));
        }
        all.add(new Subject("", new Linear(3, 2, true, DType.FLOAT64, generator), x(4, 3)));
        all.add(new Subject("one sample", new Linear(3, 2, true, DType.FLOAT64, generator), x(3)));
        all.add(new Subject("no bias", new Linear(3, 2, false, DType.FLOAT64, generator), x(2, 2, 3)));
        all.add(new Subject("", moved(new LayerNorm(DType.FLOAT64, 3)), x(4, 3)));
        all.add(new Subject("two dimensions", moved(new LayerNorm(DType.FLOAT64, 2, 3)), x(2, 2, 3)));
        all.add(new Subject("", moved(new BatchNorm1d(3, DType.FLOAT64)), x(4, 3)));
        all.add(new Subject("of rows", moved(new BatchNorm1d(2, DType.FLOAT64)), x(3, 2, 2)));
        all.add(new Subject("", new Conv2d(2, 2, new int[] {2, 2}, new int[] {1, 1}, new int[] {0, 0}, true,
                DType.FLOAT64, generator), x(2, 2, 3, 3)));
        all.add(new Subject("no bias, padding", new Conv2d(1, 2, new int[] {3, 2}, new int[] {2, 1}, new int[] {1, 0},
                false, DType.FLOAT64, generator), x(1, 1, 4, 3)));
        all.add(new Subject("one image", new Conv2d(1, 2, new int[] {2, 2}, new int[] {1, 1}, new int[] {0, 0}, true,
                DType.FLOAT64, generator), x(1, 3, 3)));
        all.add(new Subject("", new MaxPool2d(2), x(1, 2, 4, 4)));
        all.add(new Subject("padding, dilation, ceil", new MaxPool2d(3, 2, 1, 2, true), x(2, 6, 7)));
        all.add(new Subject("", new Embedding(4, 2, DType.FLOAT64, generator), whole(2, 0, 2, 3)));
        // A row of padding that no index names: where one does, the output depends on it and the gradient denies it.
        all.add(new Subject("padding", new Embedding(4, 2, 1, DType.FLOAT64, generator), whole(2, 0, 2, 3)));
        all.add(new Subject("", new Dropout(0.4, masks), x(3, 4)));
        all.add(new Subject("", new Sequential(new Linear(3, 4, true, DType.FLOAT64, generator), Activation.tanh(),
                moved(new LayerNorm(DType.FLOAT64, 4)), new Linear(4, 1, true, DType.FLOAT64, generator)), x(3, 3)));
        for (Reduction reduction : Reduction.values()) {
            losses(all, reduction);
        }
        return all;
    }

    private void losses(List<Subject> all, Reduction reduction) {
        Tensor shares = generator.uniform(DType.FLOAT64, 0.1, 0.9, 3, 4);
        Tensor probabilities = generator.uniform(DType.FLOAT64, 0.1, 0.9, 3, 4);
        Tensor weight = generator.uniform(DType.FLOAT64, 0.3, 2, 4);
        String name = reduction.name();
        all.add(new Subject(name, Loss.mse(reduction), x(3, 4), x(3, 4)));
        all.add(new Subject(name, Loss.l1(reduction), x(3, 4), x(3, 4)));
        all.add(new Subject(name, Loss.bce(reduction), probabilities, shares));
        all.add(new Subject(name + " weight", Loss.bce(reduction, weight), probabilities, shares));
        all.add(new Subject(name, Loss.bceWithLogits(reduction), x(3, 4), shares));
        all.add(new Subject(name + " weight", Loss.bceWithLogits(reduction, weight, null), x(3, 4), shares));
        all.add(new Subject(name + " pos_weight", Loss.bceWithLogits(reduction, null, weight), x(3, 4), shares));
        all.add(new Subject(name + " both", Loss.bceWithLogits(reduction, weight, weight), x(3, 4), shares));
        for (Tensor weights : Arrays.asList(null, weight)) {
            for (long ignored : new long[] {-100, 2}) {
                String how = name + (weights == null ? "" : " weight") + (ignored < 0 ? "" : " ignore_index");
                all.add(new Subject(how, Loss.nll(reduction, weights, ignored), x(3, 4), whole(1, 2, 0)));
                for (double smoothing : new double[] {0, 0.1}) {
                    Loss loss = Loss.crossEntropy(reduction, weights, ignored, smoothing);
                    all.add(new Subject(how + " smoothing " + smoothing, loss, x(3, 4), whole(1, 2, 0)));
                    if (ignored < 0) {
                        all.add(new Subject(how + " shares, smoothing " + smoothing, loss, x(3, 4), shares));
                    }
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> layers() {
        return subjects.stream().flatMap(subject -> Stream.of(true, false).map(training -> DynamicTest.dynamicTest(
                name(subject.module) + " " + subject.name + (training ? " training" : " evaluating"),
                () -> check(subject, training))));
    }

    private void check(Subject subject, boolean training) {
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor given : subject.inputs) {
            inputs.add(given.dtype().isFloat() ? given.detach().requiresGrad(true) : given);
        }
        List<Tensor> all = new ArrayList<>(inputs);
        all.addAll(subject.module.parameters());
        subject.module.train(training);
        Function<Tensor[], Tensor[]> f = given -> {
            // Dropout's mask is the same each time.
            masks.manualSeed(3);
            return new Tensor[] {subject.module.forward(Arrays.copyOf(given, inputs.size()))};
        };
        GradCheck.gradcheck(f, all.toArray(Tensor[]::new));
        GradCheck.gradgradcheck(f, all.toArray(Tensor[]::new));
    }

    @Test
    void noLayerIsMissing() throws IOException {
        Set<String> layers = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/backstep/engine/nn"))) {
            for (Path file : files.toList()) {
                Matcher named = Pattern.compile("final class (\\w+) extends Module|new (?:Activation|Loss)\\(\"(\\w+)\"")
                        .matcher(Files.readString(file));
                named.results().map(found -> found.group(1) != null ? found.group(1) : found.group(2))
                        .forEach(layers::add);
            }
        }
        layers.removeAll(Set.of("Activation", "Loss"));
        assertTrue(layers.size() > 20, layers.toString());
        assertEquals(layers, subjects.stream().map(subject -> name(subject.module))
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Only a check that moves a parameter where it is can see this. */
    @Test
    void aWrongDerivativeByAParameterIsCaught() {
        Module wrong = new Module() {
            private final Tensor weight = parameter("weight", x(2));

            @Override
            public Tensor forward(Tensor... inputs) {
                return inputs[0].mul(weight).mul(weight.detach());
            }
        };
        TorchError refusal = assertThrows(TorchError.class, () -> GradCheck.gradcheck(
                in -> new Tensor[] {wrong.forward(in[0])}, x(2).requiresGrad(true), wrong.parameters().get(0)));
        assertEquals("Jacobian mismatch for output 0 with respect to input 1,", refusal.getMessage().split("\n")[0]);
    }

    private Tensor x(int... shape) {
        return generator.randn(DType.FLOAT64, shape);
    }

    private static Tensor whole(long... values) {
        return Tensor.of(values, values.length);
    }

    /** With parameters that are not all 1 or 0. */
    private Module moved(Module module) {
        module.parameters().forEach(parameter -> parameter.data().add_(x(parameter.shape())));
        return module;
    }

    /** The first word of what it prints. */
    private static String name(Module module) {
        return module.toString().split("\\(")[0];
    }
}
