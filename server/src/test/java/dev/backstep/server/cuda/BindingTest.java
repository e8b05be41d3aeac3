package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The calls by java.lang.foreign, of libraries made here: libcuda's are declared by NVIDIA's own header, so what comes
 * through is what the real one would see. Each test is a process, because a library is loaded once in one.
 */
class BindingTest {
    private static final Path HEADERS = Path.of("/usr/local/cuda/include");

    @TempDir
    private Path folder;

    @BeforeEach
    void compile() throws IOException {
        assumeTrue(HostDriver.isHere() && Files.exists(HEADERS.resolve("cuda.h")), "there is no g++ or no cuda.h here");
        for (var library : Map.of("libcuda", "libcuda.so.1", "libcublas", "libcublas.so.13", "libnvrtc", "libnvrtc.so.13")
                .entrySet()) {
            String source = library.getKey() + ".cpp";
            Files.writeString(folder.resolve(source), HostDriver.text(source));
            assertEquals("", HostDriver.run(List.of("g++", "-w", "-std=c++17", "-shared", "-fPIC", "-I" + HEADERS, source,
                    "-o", library.getValue()), folder));
        }
    }

    /** What the process prints. */
    private String run(Map<String, String> environment) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Dbackstep.cuda.path=" + folder, "-cp",
                System.getProperty("java.class.path"), BindingTest.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("CUDA_PATH", "VIRTUAL_ENV"));
        builder.environment().put("LD_LIBRARY_PATH", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return printed;
    }

    @Test
    void everyCallComesThroughAsItWasMeant() throws IOException, InterruptedException {
        assertEquals("""
                init 0
                device 0
                retain 5
                current 0x123456789abc
                stream 1
                alloc 33554432
                blas stream 0xb00000000b 0x5000000005
                blas workspace 0xb00000000b 1 33554432
                card Card[name=Fake 5, major=9, minor=0, memory=150000000000, processors=132, driver=13000]
                nvrtc 13.7
                current 0x123456789abc
                alloc 64
                memset 7 4 0x5000000005
                host 64 0
                to host 16 0x5000000005
                read 7
                to device 16 0x5000000005
                synchronize 0x5000000005
                event 2
                record 0x7000000007 0x5000000005
                query 0x7000000007
                false
                query 0x7000000007
                true
                wait 0x7000000007
                load image
                function 0x9000000009 backstep
                begin 0x5000000005 2
                launch 0xa00000000a 3 1 1 256 1 1 0 0x5000000005 42 (nil)
                gemm 0xb00000000b 1 0 2 3 4 1 0x100000001 0 5 6 0x100000002 0 7 8 0 0x100000003 0 9 10 11 77 -1
                end 0x5000000005
                instantiate 0x6000000006 0
                no graph 0x6000000006
                graph 0x8000000008 0x5000000005
                no executable 0x8000000008
                unload 0x9000000009
                free
                cubin source --fmad=false --ftz=false --prec-div=true --prec-sqrt=true --std=c++17 \
                --device-as-default-execution-space --gpu-architecture=sm_90
                nvrtcCompileProgram: error 6 no sense
                cuMemAlloc: CUDA_ERROR_FAKE, of no account
                out of memory true
                """, run(Map.of()));
    }

    @Test
    void whatIsMissingIsSaid() throws IOException, InterruptedException {
        assumeFalse(Files.exists(HEADERS.resolve("../lib64/libcublas.so")), "the real libraries are found here");
        assertEquals("The NVIDIA driver is too old: it knows CUDA 11.8, and 12.0 is needed.\n",
                run(Map.of("FAKE_CUDA", "11080")));
        assertEquals("The NVIDIA driver finds no device.\n", run(Map.of("FAKE_CUDA_NONE", "yes")));
        // A library for a newer driver is of no use.
        String none = run(Map.of("FAKE_CUDA", "12040"));
        assertTrue(none.endsWith("libnvrtc.so.12 is not found. Install the CUDA toolkit, or name its folder in CUDA_PATH.\n"),
                none);
        Files.delete(folder.resolve("libcublas.so.13"));
        assertTrue(run(Map.of()).contains("libcublas.so.13 is not found."));
    }

    /** The process: every call once. */
    public static void main(String[] args) {
        Driver driver;
        try {
            driver = NativeDriver.open();
        } catch (Missing none) {
            System.out.println(none.getMessage());
            return;
        }
        System.out.println("card " + driver.card());
        System.out.println("nvrtc " + driver.nvrtcVersion());
        driver.cuCtxSetCurrent();
        long memory = driver.cuMemAlloc(64);
        driver.cuMemsetD32Async(memory, 7, 4);
        MemorySegment host = driver.cuMemHostAlloc(64);
        driver.cuMemcpyDtoHAsync(host, memory, 16);
        System.out.println("read " + host.getAtIndex(ValueLayout.JAVA_INT, 3));
        driver.cuMemcpyHtoDAsync(memory, host, 16);
        driver.cuStreamSynchronize();
        long event = driver.cuEventCreate();
        driver.cuEventRecord(event);
        System.out.println(driver.cuEventQuery(event));
        System.out.println(driver.cuEventQuery(event));
        driver.cuEventSynchronize(event);
        long module = driver.cuModuleLoadData("image".getBytes(StandardCharsets.UTF_8));
        long function = driver.cuModuleGetFunction(module, Source.NAME);
        driver.cuStreamBeginCapture();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(ValueLayout.ADDRESS, 2);
            params.setAtIndex(ValueLayout.ADDRESS, 1, arena.allocateFrom(ValueLayout.JAVA_INT, 42));
            driver.cuLaunchKernel(function, 3, 256, params);
        }
        driver.cublasGemmStridedBatchedEx(new Driver.Gemm(true, false, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, true),
                0x100000001L, 0x100000002L, 0x100000003L);
        long graph = driver.cuStreamEndCapture();
        long executable = driver.cuGraphInstantiate(graph);
        driver.cuGraphDestroy(graph);
        driver.cuGraphLaunch(executable);
        driver.cuGraphExecDestroy(executable);
        driver.cuModuleUnload(module);
        driver.cuMemFree(memory);
        byte[] cubin = driver.nvrtcCompileProgram("source");
        System.out.println("cubin " + new String(cubin, 0, cubin.length - 1, StandardCharsets.UTF_8));
        try {
            driver.nvrtcCompileProgram("refused");
        } catch (CudaException refused) {
            System.out.println(refused.getMessage());
        }
        try {
            driver.cuMemAlloc(1L << 33);
        } catch (CudaException full) {
            System.out.println(full.getMessage());
            System.out.println("out of memory " + full.isOutOfMemory());
        }
    }
}
