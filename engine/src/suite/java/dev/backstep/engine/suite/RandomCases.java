package dev.backstep.engine.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import java.util.List;

/** What the generator draws from one seed, each call going on where the last one ended. */
final class RandomCases {
    private RandomCases() {
    }

    static void add(List<Case> cases) {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            cases.add(new Case("random " + type.shortName(), true, () -> draw(type)));
        }
    }

    private static String draw(DType type) {
        Generator generator = new Generator().manualSeed(42);
        Line line = new Line().add(generator.rand(type, 5)).add(generator.uniform(type, -0.3, 0.7, 5));
        // Below 16 normal numbers are made otherwise than from there on.
        for (int n : new int[] {1, 15, 16, 17, 500}) {
            line.add(generator.randn(type, n)).add(generator.normal(type, 0.5, 1.7, n));
        }
        return line.add(generator.randint(-5, 100, 9)).add(generator.randperm(9))
                .add(generator.bernoulli(type, 0.3, 20)).toString();
    }
}
