package dev.backstep.engine.graph;

/**
 * One plug of a box: an output where it stands as the start of a {@link Wire}, an input where it stands as its end.
 *
 * @param node the box's id
 * @param index its place among the box's outputs or inputs, from 0
 */
public record Port(String node, int index) {}
