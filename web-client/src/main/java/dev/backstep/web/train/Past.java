package dev.backstep.web.train;

import dev.backstep.engine.graph.Graph;

/**
 * A run that was there before the present one.
 *
 * @param number counts the runs of this visit, from 1
 */
public record Past(int number, Graph graph, RunLog log) {}
