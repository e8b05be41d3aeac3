/** NVIDIA's processors as a device of the engine's: works become kernels that are compiled here, and graphs of them. */
package dev.backstep.server.cuda;
