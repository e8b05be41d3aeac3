package dev.backstep.engine.suite;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.NodeTypes;
import java.util.List;

/** Data sets and layers: the same samples and the same boxes everywhere. */
final class DataCases {
    private static final String TABLE = "a;b;kind\r\n1,5;0.1;\"x;\"\"1\"\"\"\r\n-2e-3;oops;y\r\n3;7,25;y\r\n4\r\n"
            + "5;;y\r\n6;1e3;y\r\n";

    private DataCases() {
    }

    static void add(List<Case> cases) {
        cases.add(new Case("data sets", true, DataCases::sets));
        cases.add(new Case("layers as boxes", true, DataCases::layers));
    }

    private static String sets() {
        Line line = new Line();
        for (Source source : Source.values()) {
            if (source.table() == null) {
                Attrs attrs = NodeTypes.attrs(new GraphNode("d", "data", "d", Attrs.of("source", source.id(), "samples",
                        40, "classes", 3, "seed", 5, "csv", TABLE, "standardize", true, "encoding", "one_hot"), 0, 0));
                DataBox.Parts parts = DataBox.TYPE.parts(attrs);
                line.add(parts.whole().x()).add(parts.train().batch(0, 1)[0]).add(parts.train().batch(0, 1)[1])
                        .add(parts.whole().features() + " " + parts.whole().classes());
            }
        }
        return line.add(Source.CSV.choice(NodeTypes.attrs(new GraphNode("d", "data", "d",
                Attrs.of("source", "csv", "csv", TABLE), 0, 0))).problems().toString()).toString();
    }

    private static String layers() {
        Graph graph = Graph.EMPTY;
        for (String layer : List.of("MLP(2, 3, 1, relu)", "Conv2d(1, 2, 3, padding=1)", "BatchNorm1d(4)",
                "Sequential(Embedding(5, 2), Dropout(0.25), Linear(2, 2, bias=False))")) {
            graph = graph.with(LayerFrame.insert(graph, layer, 7, 0, 0));
        }
        return new Line().add(GraphJson.write(graph)).toString();
    }
}
