package dev.backstep.server.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libcuda, as cuda.h of CUDA 12.0 declares them: objects and memory of the device are numbers of 8
 * bytes. None is a critical call, so the collector never waits for the device. This class cannot be initialised where
 * the driver does not know that version.
 */
@SuppressWarnings("restricted")   // The manifest allows native access.
final class Libcuda {
    /** Of which version the declarations here are, and what a driver must know at least. */
    static final int DECLARED = 12_000;

    static final MethodHandle CU_INIT = of("cuInit", JAVA_INT);
    static final MethodHandle CU_GET_ERROR_NAME = of("cuGetErrorName", JAVA_INT, ADDRESS);
    static final MethodHandle CU_GET_ERROR_STRING = of("cuGetErrorString", JAVA_INT, ADDRESS);
    static final MethodHandle CU_DEVICE_GET_COUNT = of("cuDeviceGetCount", ADDRESS);
    static final MethodHandle CU_DEVICE_GET = of("cuDeviceGet", ADDRESS, JAVA_INT);
    static final MethodHandle CU_DEVICE_GET_NAME = of("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle CU_DEVICE_GET_ATTRIBUTE = of("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle CU_DEVICE_TOTAL_MEM = of("cuDeviceTotalMem", ADDRESS, JAVA_INT);
    static final MethodHandle CU_DEVICE_PRIMARY_CTX_RETAIN = of("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT);
    static final MethodHandle CU_CTX_SET_CURRENT = of("cuCtxSetCurrent", JAVA_LONG);

    static final MethodHandle CU_MEM_ALLOC = of("cuMemAlloc", ADDRESS, JAVA_LONG);
    static final MethodHandle CU_MEM_FREE = of("cuMemFree", JAVA_LONG);
    static final MethodHandle CU_MEMSET_D32_ASYNC = of("cuMemsetD32Async", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle CU_MEM_HOST_ALLOC = of("cuMemHostAlloc", ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle CU_MEMCPY_HTOD_ASYNC = of("cuMemcpyHtoDAsync", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    static final MethodHandle CU_MEMCPY_DTOH_ASYNC = of("cuMemcpyDtoHAsync", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    static final MethodHandle CU_STREAM_CREATE = of("cuStreamCreate", ADDRESS, JAVA_INT);
    static final MethodHandle CU_STREAM_SYNCHRONIZE = of("cuStreamSynchronize", JAVA_LONG);
    static final MethodHandle CU_STREAM_BEGIN_CAPTURE = of("cuStreamBeginCapture", JAVA_LONG, JAVA_INT);
    static final MethodHandle CU_STREAM_END_CAPTURE = of("cuStreamEndCapture", JAVA_LONG, ADDRESS);
    static final MethodHandle CU_EVENT_CREATE = of("cuEventCreate", ADDRESS, JAVA_INT);
    static final MethodHandle CU_EVENT_RECORD = of("cuEventRecord", JAVA_LONG, JAVA_LONG);
    static final MethodHandle CU_EVENT_QUERY = of("cuEventQuery", JAVA_LONG);
    static final MethodHandle CU_EVENT_SYNCHRONIZE = of("cuEventSynchronize", JAVA_LONG);
    static final MethodHandle CU_GRAPH_INSTANTIATE = of("cuGraphInstantiateWithFlags", ADDRESS, JAVA_LONG, JAVA_LONG);
    static final MethodHandle CU_GRAPH_LAUNCH = of("cuGraphLaunch", JAVA_LONG, JAVA_LONG);
    static final MethodHandle CU_GRAPH_DESTROY = of("cuGraphDestroy", JAVA_LONG);
    static final MethodHandle CU_GRAPH_EXEC_DESTROY = of("cuGraphExecDestroy", JAVA_LONG);

    static final MethodHandle CU_MODULE_LOAD_DATA = of("cuModuleLoadData", ADDRESS, ADDRESS);
    static final MethodHandle CU_MODULE_UNLOAD = of("cuModuleUnload", JAVA_LONG);
    static final MethodHandle CU_MODULE_GET_FUNCTION = of("cuModuleGetFunction", ADDRESS, JAVA_LONG, ADDRESS);
    static final MethodHandle CU_LAUNCH_KERNEL = of("cuLaunchKernel", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);

    private Libcuda() {
    }

    /** A function that returns a CUresult, in the version that is declared here. */
    private static MethodHandle of(String name, MemoryLayout... parameters) {
        return Linker.nativeLinker().downcallHandle(Entry.point(name), FunctionDescriptor.of(JAVA_INT, parameters));
    }

    /** Asks the driver where its functions are. */
    private static final class Entry {
        private static final MethodHandle CU_GET_PROC_ADDRESS;

        static {
            try {
                CU_GET_PROC_ADDRESS = Nvrtc.find(Libraries.driver(), "cuGetProcAddress_v2",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS));
            } catch (Missing absent) {
                throw new ExceptionInInitializerError(absent);
            }
        }

        static MemorySegment point(String name) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment address = arena.allocate(ADDRESS);
                int code = (int) CU_GET_PROC_ADDRESS.invokeExact(arena.allocateFrom(name), address, DECLARED, 0L,
                        MemorySegment.NULL);
                MemorySegment found = address.get(ADDRESS, 0);
                if (code != 0 || found.address() == 0) {
                    throw new UnsatisfiedLinkError("the driver lacks " + name);
                }
                return found;
            } catch (RuntimeException | Error failed) {
                throw failed;
            } catch (Throwable failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
