// A cuBLAS that says what it was given; declared as NVIDIA documents it, because its header is seldom there.
#include <stddef.h>
#include <stdio.h>

extern "C" {
int cublasCreate_v2(void** handle) { *handle = (void*) 0xb00000000bull; return 0; }
int cublasSetStream_v2(void* handle, void* stream) { printf("blas stream %p %p\n", handle, stream); return 0; }
int cublasSetWorkspace_v2(void* handle, void* workspace, size_t bytes) {
    printf("blas workspace %p %d %zu\n", handle, workspace != nullptr, bytes);
    fflush(stdout);
    return 0;
}
int cublasGemmStridedBatchedEx(void* handle, int ta, int tb, int m, int n, int k, const void* alpha, const void* a,
        int at, int lda, long long sa, const void* b, int bt, int ldb, long long sb, const void* beta, void* c, int ct,
        int ldc, long long sc, int batches, int compute, int algorithm) {
    printf("gemm %p %d %d %d %d %d %g %p %d %d %lld %p %d %d %lld %g %p %d %d %lld %d %d %d\n", handle, ta, tb, m, n, k,
        *(const float*) alpha, a, at, lda, sa, b, bt, ldb, sb, *(const float*) beta, c, ct, ldc, sc, batches, compute,
        algorithm);
    fflush(stdout);
    return 0;
}
}
