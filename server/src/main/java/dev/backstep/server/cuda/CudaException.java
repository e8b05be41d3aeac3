package dev.backstep.server.cuda;

import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.DeviceException.Kind;
import java.util.Set;

/** A call that did not succeed. */
final class CudaException extends RuntimeException {
    /** CUDA_ERROR_OUT_OF_MEMORY in cuda.h. */
    static final int OUT_OF_MEMORY = 2;
    /** CUDA_ERROR_UNKNOWN */
    static final int UNKNOWN = 999;
    /** Of a program that the compiler refuses; no code of libcuda's. */
    static final int REFUSED = -1;

    // CUDA_ERROR_INVALID_IMAGE, NO_BINARY_FOR_GPU, INVALID_PTX, UNSUPPORTED_PTX_VERSION, LAUNCH_OUT_OF_RESOURCES
    private static final Set<Integer> KERNEL = Set.of(REFUSED, 200, 209, 218, 222, 701);
    // CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED to CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE
    private static final int FIRST_OF_GRAPHS = 900;
    private static final int LAST_OF_GRAPHS = 910;

    private static final long serialVersionUID = 1;

    private final int code;

    /** @param call the function, and {@code words} what it said */
    CudaException(String call, int code, String words) {
        super(call + ": " + words);
        this.code = code;
    }

    /** What it means for whoever uses the device. After what is not told apart here no call succeeds any more. */
    DeviceException toDevice() {
        Kind kind = isOutOfMemory() ? Kind.OUT_OF_MEMORY : isFinal() ? Kind.LOST : Kind.KERNEL;
        return new DeviceException(kind, getMessage());
    }

    boolean isOutOfMemory() {
        return code == OUT_OF_MEMORY;
    }

    /** Whether no other call will succeed either. */
    boolean isFinal() {
        boolean graph = code >= FIRST_OF_GRAPHS && code <= LAST_OF_GRAPHS;
        return !isOutOfMemory() && !graph && !KERNEL.contains(code);
    }
}
