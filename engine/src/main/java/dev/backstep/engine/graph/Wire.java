package dev.backstep.engine.graph;

/** A connection from an output to an input. An input has one wire at most, an output any number. */
public record Wire(Port from, Port to) {}
