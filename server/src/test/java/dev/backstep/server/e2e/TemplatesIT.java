package dev.backstep.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import dev.backstep.engine.data.Tables;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.train.Trainer;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents to train: their losses in the page's worker are those of the JVM, which are LibTorch's. */
@ExtendWith(Playground.class)
class TemplatesIT {
    private static final int STEPS = 200;

    @BeforeAll
    static void tables() throws IOException {
        for (String table : List.of("iris", "digits")) {
            Tables.put(table, Files.readString(Path.of("../static/data/" + table + ".csv")));
        }
    }

    @ParameterizedTest
    @CsvSource({"A line by hand, line-by-hand", "A line by nn.Linear, line-by-linear", "XOR, xor",
        "Three spirals, spiral", "Iris flowers, iris", "Digits by a perceptron, digits-mlp",
        "Digits by a convolution, digits-convolution", "Gradients of four batches, gradient-accumulation",
        "A frozen layer, frozen-layer"})
    @SuppressWarnings("unchecked")
    void trainsAlike(String title, String id, Page page) throws IOException {
        Hands hands = new Hands(page).open("/");
        hands.example(title);
        page.locator("#train-toggle[aria-expanded=true]").waitFor();
        page.evaluate("steps => backstep.train({ steps })", STEPS);
        var runs = (List<Map<String, Object>>) page.evaluate("backstep.runs()");
        List<Number> losses = (List<Number>) runs.getFirst().get("losses");
        Graph graph = SharedRun.read(Files.readString(Path.of("../static/examples/" + id + ".json"))).graph();
        Trainer trainer = new Trainer(graph);
        assertEquals(STEPS, losses.size());
        for (int i = 0; i < STEPS; i++) {
            trainer.next();
            assertEquals(trainer.loss(), losses.get(i).doubleValue(), 1e-5 * trainer.loss(), "loss " + (i + 1));
        }
    }
}
