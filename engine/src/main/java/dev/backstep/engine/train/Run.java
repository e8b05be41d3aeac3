package dev.backstep.engine.train;

import dev.backstep.engine.graph.Graph;

/**
 * A training as a message: all that whoever runs it needs.
 *
 * @param checkpoint where to go on, as {@link Checkpoint#write} wrote it; or null to begin
 */
public record Run(Graph graph, byte[] checkpoint) {
    /** A run from the beginning. */
    public Run(Graph graph) {
        this(graph, null);
    }
}
