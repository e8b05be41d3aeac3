package dev.backstep.web.train;

import dev.backstep.engine.graph.Graph;

/**
 * A run that was there before the present one.
 *
 * @param number counts the runs of this visit, from 1
 * @param server its name on the server; null of one in this tab
 */
public record Past(int number, Graph graph, RunLog log, String server) {}
