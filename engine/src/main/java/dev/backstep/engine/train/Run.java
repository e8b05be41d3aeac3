package dev.backstep.engine.train;

import dev.backstep.engine.graph.Graph;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A training as a message: all that whoever runs it needs.
 *
 * @param tables the texts of the tables that its data boxes name, see {@link dev.backstep.engine.data.Tables}
 * @param device the name of the device that computes the batches, {@code eager} for ops one after another, or
 *     {@code auto} for what turns out to be the fastest
 * @param checkpoint where to go on, as {@link Checkpoint#write} wrote it; or null to begin
 */
public record Run(Graph graph, Map<String, String> tables, byte[] checkpoint, String device) {
    public Run {
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    }

    /** A run wherever it is fastest. */
    public Run(Graph graph, Map<String, String> tables, byte[] checkpoint) {
        this(graph, tables, checkpoint, Fastest.AUTO);
    }

    /** A run from the beginning, of a document that needs no tables. */
    public Run(Graph graph) {
        this(graph, Map.of(), null);
    }
}
