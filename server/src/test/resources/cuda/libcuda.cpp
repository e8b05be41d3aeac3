// A libcuda whose device is the host's memory and whose functions are declared by the real cuda.h, so that a call with
// other parameters than CUDA's shows. It prints what it is told.
#include <cuda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <map>
#include <string>

static int devices = 1;

template <class... A> static CUresult note(const char* format, A... args) {
    printf(format, args...);
    puts("");
    fflush(stdout);
    return CUDA_SUCCESS;
}

#undef cuDeviceTotalMem
#undef cuMemAlloc
#undef cuMemFree
#undef cuMemcpyHtoDAsync
#undef cuMemcpyDtoHAsync
#undef cuStreamBeginCapture

extern "C" {
CUresult cuDriverGetVersion(int* version) {
    *version = getenv("FAKE_CUDA") ? atoi(getenv("FAKE_CUDA")) : 13000;
    return CUDA_SUCCESS;
}
CUresult cuInit(unsigned flags) {
    return getenv("FAKE_CUDA_NONE") ? CUDA_ERROR_NO_DEVICE : note("init %u", flags);
}
CUresult cuGetErrorName(CUresult e, const char** text) { *text = "CUDA_ERROR_FAKE"; return CUDA_SUCCESS; }
CUresult cuGetErrorString(CUresult e, const char** text) { *text = "of no account"; return CUDA_SUCCESS; }
CUresult cuDeviceGetCount(int* count) { *count = devices; return CUDA_SUCCESS; }
CUresult cuDeviceGet(CUdevice* device, int ordinal) { *device = 5; return note("device %d", ordinal); }
CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
    snprintf(name, length, "Fake %d", device);
    return CUDA_SUCCESS;
}
CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute which, CUdevice device) {
    *value = which == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR ? 9
        : which == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR ? 0
        : which == CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT ? 132 : -1;
    return CUDA_SUCCESS;
}
CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) { *bytes = 150000000000; return CUDA_SUCCESS; }
CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
    *context = (CUcontext) 0x123456789abcull;
    return note("retain %d", device);
}
CUresult cuCtxSetCurrent(CUcontext context) { return note("current %p", context); }
CUresult cuMemAlloc_v2(CUdeviceptr* memory, size_t bytes) {
    if (bytes > 1ull << 32) return CUDA_ERROR_OUT_OF_MEMORY;
    *memory = (CUdeviceptr) calloc(1, bytes);
    return note("alloc %zu", bytes);
}
CUresult cuMemFree_v2(CUdeviceptr memory) { free((void*) memory); return note("free"); }
CUresult cuMemsetD32Async(CUdeviceptr memory, unsigned value, size_t count, CUstream stream) {
    for (size_t i = 0; i < count; i++) ((unsigned*) memory)[i] = value;
    return note("memset %u %zu %p", value, count, stream);
}
CUresult cuMemHostAlloc(void** memory, size_t bytes, unsigned flags) {
    *memory = calloc(1, bytes);
    return note("host %zu %u", bytes, flags);
}
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t bytes, CUstream stream) {
    memcpy((void*) to, from, bytes);
    return note("to device %zu %p", bytes, stream);
}
CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t bytes, CUstream stream) {
    memcpy(to, (void*) from, bytes);
    return note("to host %zu %p", bytes, stream);
}
CUresult cuStreamCreate(CUstream* stream, unsigned flags) {
    *stream = (CUstream) 0x5000000005ull;
    return note("stream %u", flags);
}
CUresult cuStreamSynchronize(CUstream stream) { return note("synchronize %p", stream); }
CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode) {
    return note("begin %p %d", stream, (int) mode);
}
CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph) {
    *graph = (CUgraph) 0x6000000006ull;
    return note("end %p", stream);
}
CUresult cuEventCreate(CUevent* event, unsigned flags) {
    *event = (CUevent) 0x7000000007ull;
    return note("event %u", flags);
}
CUresult cuEventRecord(CUevent event, CUstream stream) { return note("record %p %p", event, stream); }
CUresult cuEventQuery(CUevent event) {
    note("query %p", event);
    static int asked = 0;
    return asked++ == 0 ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS;
}
CUresult cuEventSynchronize(CUevent event) { return note("wait %p", event); }
CUresult cuGraphInstantiateWithFlags(CUgraphExec* executable, CUgraph graph, unsigned long long flags) {
    *executable = (CUgraphExec) 0x8000000008ull;
    return note("instantiate %p %llu", graph, flags);
}
CUresult cuGraphLaunch(CUgraphExec executable, CUstream stream) { return note("graph %p %p", executable, stream); }
CUresult cuGraphDestroy(CUgraph graph) { return note("no graph %p", graph); }
CUresult cuGraphExecDestroy(CUgraphExec executable) { return note("no executable %p", executable); }
CUresult cuModuleLoadData(CUmodule* module, const void* image) {
    *module = (CUmodule) 0x9000000009ull;
    return note("load %.5s", (const char*) image);
}
CUresult cuModuleUnload(CUmodule module) { return note("unload %p", module); }
CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
    *function = (CUfunction) 0xa00000000aull;
    return note("function %p %s", module, name);
}
CUresult cuLaunchKernel(CUfunction f, unsigned x, unsigned y, unsigned z, unsigned tx, unsigned ty, unsigned tz,
        unsigned shared, CUstream stream, void** params, void** extra) {
    return note("launch %p %u %u %u %u %u %u %u %p %d %p", f, x, y, z, tx, ty, tz, shared, stream, *(int*) params[1],
        extra);
}

// The declarations above are held to cuda.h's by the types of these.
CUresult cuGetProcAddress_v2(const char* symbol, void** address, int version, cuuint64_t flags,
        CUdriverProcAddressQueryResult* status) {
    static const std::map<std::string, void*> all = {
#define F(name, real) {#name, (void*) static_cast<decltype(&::real)>(real)}
        F(cuInit, cuInit), F(cuGetErrorName, cuGetErrorName), F(cuGetErrorString, cuGetErrorString),
        F(cuDeviceGetCount, cuDeviceGetCount), F(cuDeviceGet, cuDeviceGet), F(cuDeviceGetName, cuDeviceGetName),
        F(cuDeviceGetAttribute, cuDeviceGetAttribute), F(cuDeviceTotalMem, cuDeviceTotalMem_v2),
        F(cuDevicePrimaryCtxRetain, cuDevicePrimaryCtxRetain), F(cuCtxSetCurrent, cuCtxSetCurrent),
        F(cuMemAlloc, cuMemAlloc_v2), F(cuMemFree, cuMemFree_v2),
        F(cuMemsetD32Async, cuMemsetD32Async), F(cuMemHostAlloc, cuMemHostAlloc),
        F(cuMemcpyHtoDAsync, cuMemcpyHtoDAsync_v2), F(cuMemcpyDtoHAsync, cuMemcpyDtoHAsync_v2),
        F(cuStreamCreate, cuStreamCreate), F(cuStreamSynchronize, cuStreamSynchronize),
        F(cuStreamBeginCapture, cuStreamBeginCapture_v2), F(cuStreamEndCapture, cuStreamEndCapture),
        F(cuEventCreate, cuEventCreate), F(cuEventRecord, cuEventRecord), F(cuEventQuery, cuEventQuery),
        F(cuEventSynchronize, cuEventSynchronize),
        F(cuGraphInstantiateWithFlags, cuGraphInstantiateWithFlags), F(cuGraphLaunch, cuGraphLaunch),
        F(cuGraphDestroy, cuGraphDestroy), F(cuGraphExecDestroy, cuGraphExecDestroy),
        F(cuModuleLoadData, cuModuleLoadData), F(cuModuleUnload, cuModuleUnload),
        F(cuModuleGetFunction, cuModuleGetFunction),
        F(cuLaunchKernel, cuLaunchKernel)};
    auto found = all.find(symbol);
    *address = found == all.end() || version != 12000 || flags ? nullptr : found->second;
    return *address ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}
}
