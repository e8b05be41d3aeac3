/** Formulas that users type: expressions in PyTorch's notation, read once and evaluated in the engine's ops. */
package dev.backstep.engine.formula;
