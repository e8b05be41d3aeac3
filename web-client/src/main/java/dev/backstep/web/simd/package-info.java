/** The device that computes on the CPU by WebAssembly with SIMD, made at run time for the work at hand. */
package dev.backstep.web.simd;
