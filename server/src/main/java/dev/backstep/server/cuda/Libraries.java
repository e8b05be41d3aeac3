package dev.backstep.server.cuda;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where CUDA's libraries are: in the folders of the property {@code backstep.cuda.path}, in {@code CUDA_PATH}, where the
 * toolkit is installed by default, in a virtual environment of Python's, or wherever the system looks.
 */
@SuppressWarnings("restricted")   // The manifest allows native access.
final class Libraries {
    private static final int OLDEST_MAJOR = 12;

    private Libraries() {
    }

    static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (String folder : System.getProperty("backstep.cuda.path", "").split(File.pathSeparator)) {
            if (!folder.isEmpty()) {
                folders.add(Path.of(folder));
            }
        }
        String toolkit = System.getenv("CUDA_PATH");
        if (toolkit != null && !toolkit.isEmpty()) {
            folders.add(Path.of(toolkit, "lib64"));
            folders.add(Path.of(toolkit, "lib"));
        }
        folders.add(Path.of("/usr/local/cuda/lib64"));
        String python = System.getenv("VIRTUAL_ENV");
        if (python != null && !python.isEmpty()) {
            for (Path version : matching(Path.of(python, "lib"), "python*")) {
                for (Path part : matching(version.resolve("site-packages/nvidia"), "*")) {
                    folders.add(part.resolve("lib"));
                }
            }
        }
        return folders;
    }

    private static List<Path> matching(Path folder, String names) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
                files.forEach(found::add);
            } catch (IOException unreadable) {
                return List.of();
            }
        }
        return found;
    }

    /** libcuda, which comes with the driver. */
    static SymbolLookup driver() throws Missing {
        try {
            return SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
        } catch (IllegalArgumentException absent) {
            throw new Missing("There is no NVIDIA driver here: libcuda.so.1 is not found.");
        }
    }

    /**
     * A library of the toolkit, the newest that the driver can work with.
     *
     * @param stem such as {@code libnvrtc}
     * @param before stems of what it needs beside it and finds only where that is loaded already
     * @param driver the newest major version of CUDA that the driver knows
     */
    static SymbolLookup toolkit(String stem, String before, int driver) throws Missing {
        for (int major = driver; major >= OLDEST_MAJOR; major--) {
            String name = stem + ".so." + major;
            for (Path folder : folders()) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    matching(folder, before + ".so." + major + "*").forEach(Libraries::load);
                    SymbolLookup found = load(file);
                    if (found != null) {
                        return found;
                    }
                }
            }
            try {
                return SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException absent) {
                continue;
            }
        }
        throw new Missing(stem + ".so." + driver + " is not found. Install the CUDA toolkit, or name its folder in"
                + " CUDA_PATH.");
    }

    private static SymbolLookup load(Path file) {
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException broken) {
            return null;
        }
    }
}
