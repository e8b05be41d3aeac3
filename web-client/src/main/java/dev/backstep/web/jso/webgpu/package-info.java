/** Bindings of WebGPU: one file a class, its names, no logic. */
package dev.backstep.web.jso.webgpu;
