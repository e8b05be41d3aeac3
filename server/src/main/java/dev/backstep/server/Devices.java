package dev.backstep.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backstep.server.cpu.OpenBlas;
import io.javalin.http.Context;
import java.util.List;

/** What can compute here, and what cannot, and why. */
final class Devices {
    private final List<Device> devices;

    /** Looks once, when the server starts. */
    Devices() {
        boolean library = OpenBlas.use();
        devices = List.of(new Device("cpu", "cpu", true, library ? "matrix products by OpenBLAS"
                : "no OpenBLAS for this platform: matrix products by plain loops"),
                new Device("cuda", "gpu", false, "This version computes runs on the CPU only."));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Device(String name, String kind, boolean ready, String reason) {}

    void show(Context ctx) {
        ctx.header("Cache-Control", "no-store").json(devices);
    }
}
