package dev.backstep.engine.train;

import dev.backstep.engine.graph.Graph;
import java.util.Map;

/**
 * A training as a message: all that whoever runs it needs.
 *
 * @param tables the texts of the tables that its data boxes name, see {@link dev.backstep.engine.data.Tables}
 * @param checkpoint where to go on, as {@link Checkpoint#write} wrote it; or null to begin
 */
public record Run(Graph graph, Map<String, String> tables, byte[] checkpoint) {
    public Run {
        tables = Map.copyOf(tables);
    }

    /** A run from the beginning, of a document that needs no tables. */
    public Run(Graph graph) {
        this(graph, Map.of(), null);
    }
}
