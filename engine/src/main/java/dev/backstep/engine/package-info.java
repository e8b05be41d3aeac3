/** Automatic differentiation, in plain Java that also compiles to WebAssembly and JavaScript. */
package dev.backstep.engine;
