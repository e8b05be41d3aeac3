package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NVIDIA's compilers take every text that the engine's own test, random works and all ops lead to. */
class KernelTextsTest {
    private static final List<String> ARCHITECTURES = List.of("80", "90", "100");

    @TempDir
    private Path folder;

    private static List<String> texts() {
        return CudaChecks.texts(new FakeDriver(), 40);
    }

    /** All of them as one program, each in a space of its own. */
    @Test
    void nvccCompilesAllForThreeArchitectures() throws IOException {
        assumeTrue(HostDriver.run(List.of("nvcc", "--version"), Path.of(".")).isEmpty(), "there is no nvcc here");
        List<String> texts = texts();
        assertTrue(texts.size() > 200, "texts: " + texts.size());
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            all.append("namespace n").append(i).append(" {\n").append(texts.get(i).replace(" " + Source.NAME + "(",
                    " kernel" + i + "(")).append("}\n");
        }
        Files.writeString(folder.resolve("all.cu"), all);
        var command = new ArrayList<>(List.of("nvcc", "-fatbin", "-std=c++17", "--fmad=false", "-Xptxas=-O0",
                "--threads", "2", "all.cu"));
        for (String architecture : ARCHITECTURES) {
            command.add("-gencode=arch=compute_" + architecture + ",code=sm_" + architecture);
        }
        assertEquals("", HostDriver.run(command, folder));
        assertTrue(Files.size(folder.resolve("all.fatbin")) > 100_000);
    }

    @Test
    void nvrtcCompilesThemToMachineCode() {
        SymbolLookup library;
        try {
            library = Libraries.toolkit("libnvrtc", "libnvrtc-builtins", 13);
        } catch (Missing absent) {
            assumeTrue(false, absent.getMessage());
            return;
        }
        List<String> texts = texts();
        for (int i = 0; i < texts.size(); i += 1 + texts.size() / 10) {
            for (String architecture : ARCHITECTURES) {
                byte[] cubin = compile(library, architecture, texts.get(i));
                assertEquals("ELF", new String(cubin, 1, 3, StandardCharsets.US_ASCII));
            }
        }
        try {
            compile(library, "90", "no program");
            assertTrue(false, "nonsense is refused");
        } catch (CudaException refused) {
            assertTrue(refused.getMessage().contains("backstep.cu(1): error"), refused.getMessage());
        }
    }

    private static byte[] compile(SymbolLookup library, String architecture, String text) {
        try {
            return new Nvrtc(library, "sm_" + architecture).compile(text);
        } catch (Missing old) {
            throw new AssertionError(old);
        }
    }
}
