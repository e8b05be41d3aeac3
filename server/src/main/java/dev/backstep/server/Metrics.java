package dev.backstep.server;

import io.javalin.http.Context;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** Figures for Prometheus. */
final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();

    Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Counts a request by its route, so that ids make no figures of their own. */
    void count(Context ctx, float millis) {
        var matched = ctx.endpoints().matchedHttpEndpoint();
        registry.timer("http.server.requests", Tags.of("method", ctx.method().name(), "route",
                        matched == null ? "/*" : matched.path, "status", Integer.toString(ctx.statusCode())))
                .record(Duration.ofNanos((long) (millis * 1e6)));
    }

    void show(Context ctx) {
        ctx.header("Cache-Control", "no-store").contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(registry.scrape());
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }
}
