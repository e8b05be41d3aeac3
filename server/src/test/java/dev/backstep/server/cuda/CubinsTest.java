package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backstep.engine.backend.device.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels that are kept on the disk. */
class CubinsTest {
    private static final String SOURCE = "a kernel";
    private static final int MOST = 100;

    @TempDir
    private Path folder;
    private FakeDriver driver;

    @BeforeEach
    void open() {
        driver = new FakeDriver();
        driver.cuCtxSetCurrent();
    }

    private int compiled(String source) {
        Cubins cubins = new Cubins(driver, folder, MOST);
        cubins.take(source);
        return cubins.compiled();
    }

    private Path file() throws IOException {
        try (var files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), "nothing half written stays: " + all);
            return all.getFirst();
        }
    }

    @Test
    void anotherStartNeedsNoCompiler() throws IOException {
        assertEquals(1, compiled(SOURCE));
        file();
        assertEquals(0, compiled(SOURCE));
        assertEquals(1, compiled("another kernel"));
    }

    @Test
    void aFileThatIsNotWholeIsCompiledAnew() throws IOException {
        compiled(SOURCE);
        byte[] whole = Files.readAllBytes(file());
        byte[] changed = whole.clone();
        changed[whole.length - 1]++;
        for (byte[] broken : List.of(new byte[0], Arrays.copyOf(whole, 10), Arrays.copyOf(whole, whole.length - 1),
                changed)) {
            Files.write(file(), broken);
            assertEquals(1, compiled(SOURCE));
            assertArrayEquals(whole, Files.readAllBytes(file()));
        }
    }

    @Test
    void aFileThatTheDriverRefusesIsCompiledAnew() {
        compiled(SOURCE);
        FakeDriver other = new FakeDriver() {
            @Override
            public long cuModuleLoadData(byte[] image) {
                if (count("nvrtcCompileProgram") == 0) {
                    throw new CudaException("cuModuleLoadData", 209, "no binary for this device");
                }
                return super.cuModuleLoadData(image);
            }
        };
        other.cuCtxSetCurrent();
        Cubins cubins = new Cubins(other, folder, MOST);
        cubins.take(SOURCE);
        assertEquals(1, cubins.compiled());
    }

    @Test
    void aFolderThatCannotBeWrittenDoesNoHarm() throws IOException {
        Path file = Files.createFile(folder.resolve("no folder"));
        Cubins cubins = new Cubins(driver, file.resolve("cuda"), MOST);
        cubins.take(SOURCE);
        cubins.take(SOURCE);
        assertEquals(1, cubins.compiled());
    }

    @Test
    void aRefusedKernelIsNoLostDevice() {
        driver.fail("nvrtcCompileProgram", 0, CudaException.REFUSED);
        CudaException refused = assertThrows(CudaException.class, () -> compiled(SOURCE));
        assertEquals(DeviceException.Kind.KERNEL, refused.toDevice().kind());
    }

    @Test
    void kernelsThatNobodyHasGoTheOldestFirst() {
        Cubins cubins = new Cubins(driver, folder, 3);
        long used = cubins.take("used");
        for (String source : List.of("a", "b", "a", "c")) {
            cubins.take(source);
            cubins.release(source);
        }
        assertEquals(3, cubins.loaded(), "b went for c, since a was asked for after it");
        assertEquals(1, driver.count("cuModuleUnload"));
        assertEquals(1, driver.count("cuStreamSynchronize"), "it may have been running");
        driver.calls.clear();
        assertEquals(used, cubins.take("used"));
        cubins.take("a");
        assertEquals(List.of(), driver.calls, "both were there");
        cubins.take("b");
        assertEquals(List.of("cuStreamSynchronize", "cuModuleUnload", "cuModuleLoadData", "cuModuleGetFunction"),
                driver.calls, "for c, and without the compiler");
        cubins.take("d");
        assertEquals(4, cubins.loaded(), "of those that somebody has none goes");
    }
}
