package dev.backstep.web.gpu;

/**
 * What suits a device, as measured when it was opened.
 *
 * @param threads how many invocations keep it busy
 * @param blocks whether products of matrices share their operands through workgroup memory
 */
record Tuning(int threads, boolean blocks) {
}
