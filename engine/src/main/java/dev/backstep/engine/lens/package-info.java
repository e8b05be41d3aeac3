/**
 * A closer look at one call of an op: which elements of what came in made an element of what went out, and whether its
 * derivative agrees with finite differences. Reads the call again in float64 and changes nothing of the run.
 */
package dev.backstep.engine.lens;
