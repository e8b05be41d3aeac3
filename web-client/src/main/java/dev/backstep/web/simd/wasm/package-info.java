/** An assembler of WebAssembly modules, as far as the kernels of {@code web.simd} need it. */
package dev.backstep.web.simd.wasm;
