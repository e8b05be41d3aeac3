package dev.backstep.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.server.cpu.OpenBlas;
import dev.backstep.server.cuda.Cuda;
import dev.backstep.server.runs.Hardware;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can compute here, and what cannot, and why. */
final class Devices implements Hardware {
    private final boolean library;
    private final Cuda cuda;
    private final boolean cudaOnly;

    /** Looks once, when the server or a worker starts; CUDA's device may become ready a while later. */
    Devices(Config config) {
        library = OpenBlas.use();
        cudaOnly = config.compute().device().equals("cuda");
        cuda = config.compute().device().equals("cpu") ? Cuda.off("BACKSTEP_DEVICE leaves it out.")
                : Cuda.open(config.data().resolve("cuda"), config.compute().tf32());
    }

    @Override
    public List<Device> devices() {
        Optional<Device> gpu = cuda.device();
        List<Device> all = new ArrayList<>();
        if (!cudaOnly || gpu.isEmpty()) {
            all.add(new CpuDevice());
        }
        gpu.ifPresent(all::add);
        return all;
    }

    @Override
    public String wanted() {
        return cudaOnly && cuda.device().isPresent() ? "cuda" : "auto";
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Shown(String name, String kind, boolean ready, String reason,
            @JsonUnwrapped Cuda.Facts facts) {}

    void show(Context ctx) {
        ctx.header("Cache-Control", "no-store").json(List.of(
                new Shown("cpu", "cpu", true, library ? "matrix products by OpenBLAS"
                        : "no OpenBLAS for this platform: matrix products by plain loops", null),
                new Shown("cuda", "gpu", cuda.device().isPresent(), cuda.reason(), cuda.facts())));
    }
}
