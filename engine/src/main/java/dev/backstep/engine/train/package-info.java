/**
 * A document trained: its data, its loop, and what a run of them tells, wherever it runs.
 */
package dev.backstep.engine.train;
