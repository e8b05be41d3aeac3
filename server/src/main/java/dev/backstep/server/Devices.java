package dev.backstep.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.server.cpu.CpuSpeed;
import dev.backstep.server.cpu.OpenBlas;
import dev.backstep.server.cuda.Cuda;
import dev.backstep.server.runs.Hardware;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can compute here, and what cannot, and why. */
final class Devices implements Hardware {
    private static final String CUDA = "cuda";

    private final boolean library;
    private final boolean computes;
    private final Cuda cuda;
    private final boolean cudaOnly;

    /** Looks once, when the server or a worker starts; CUDA's device may become ready a while later. */
    Devices(Config config) {
        this(config, cuda(config));
    }

    /** @param cuda its device, or why there is none */
    Devices(Config config, Cuda cuda) {
        library = OpenBlas.use();
        computes = config.runs().threads() > 0;
        cudaOnly = config.compute().device().equals(CUDA);
        this.cuda = cuda;
        if (computes) {
            CpuSpeed.measure();
        }
    }

    private static Cuda cuda(Config config) {
        if (config.runs().threads() == 0) {
            return Cuda.off("This process computes no runs: BACKSTEP_RUN_THREADS is 0.");
        }
        return config.compute().device().equals("cpu") ? Cuda.off("BACKSTEP_DEVICE leaves it out.")
                : Cuda.open(config.data().resolve(CUDA), config.compute().tf32());
    }

    @Override
    public Equipment now() {
        Optional<Device> gpu = cuda.device();
        List<Device> all = new ArrayList<>();
        if (!cudaOnly || gpu.isEmpty()) {
            all.add(new CpuDevice());
        }
        gpu.ifPresent(all::add);
        return new Equipment(all, cudaOnly && gpu.isPresent() ? CUDA : "auto");
    }

    @Override
    public void await() throws InterruptedException {
        if (cudaOnly) {
            cuda.await();
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Shown(String name, String kind, boolean ready, String reason, Nanoseconds nanoseconds,
            @JsonUnwrapped Cuda.Facts facts) {}

    /** What single computations take, as {@link Calibration} has it. */
    private record Nanoseconds(double call, double step, double function, double product, double other) {
        static Nanoseconds of(Calibration speed) {
            return speed == null ? null : new Nanoseconds(speed.call(), speed.step(), speed.function(),
                    speed.product(), speed.other());
        }
    }

    void show(Context ctx) {
        ctx.header("Cache-Control", "no-store").json(List.of(
                new Shown("cpu", "cpu", true, library ? "matrix products by OpenBLAS"
                        : "no OpenBLAS for this platform: matrix products by plain loops",
                        Nanoseconds.of(computes ? CpuSpeed.known() : null), null),
                new Shown(CUDA, "gpu", cuda.device().isPresent(), cuda.reason(), Nanoseconds.of(cuda.speed()),
                        cuda.facts())));
    }
}
