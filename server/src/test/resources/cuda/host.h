// What lets a kernel of CUDA's run on the processor of the host, block by block. Where threads of a block wait for each
// other each is a context of its own, and all take turns; every thread of a block must come to the same waits.
#include <math.h>
#include <string.h>
#include <ucontext.h>
#include <type_traits>
#include <utility>

#define __global__
#define __device__
#define __shared__ static
#define __forceinline__ inline
#define __launch_bounds__(n)

struct Place { unsigned x; };
static Place blockIdx, threadIdx;

struct alignas(16) float4 { float x, y, z, w; };
struct alignas(16) int4 { int x, y, z, w; };
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
static inline float __int_as_float(int bits) { float x; memcpy(&x, &bits, 4); return x; }
static inline int __float_as_int(float x) { int bits; memcpy(&bits, &x, 4); return bits; }
template <class T> static T atomicAdd(T* at, T x) { T old = *at; *at = old + x; return old; }

static const unsigned MOST = 1024, STACK = 65536;
static ucontext_t all, one[MOST];
static char stacks[MOST][STACK];
static bool done[MOST];
static unsigned char shuffled[MOST][8];

static void __syncthreads() {
    unsigned me = threadIdx.x;
    swapcontext(&one[me], &all);
}

template <class T> static T shuffle(T x, unsigned from) {
    memcpy(shuffled[threadIdx.x], &x, sizeof(T));
    __syncthreads();
    T y;
    memcpy(&y, shuffled[from], sizeof(T));
    __syncthreads();
    return y;
}

template <class T> static T __shfl_xor_sync(unsigned, T x, int distance) {
    return shuffle(x, threadIdx.x ^ distance);
}

template <class T> static T __shfl_up_sync(unsigned, T x, unsigned distance) {
    return shuffle(x, threadIdx.x % 32 >= distance ? threadIdx.x - distance : threadIdx.x);
}
