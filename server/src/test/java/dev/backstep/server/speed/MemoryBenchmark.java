package dev.backstep.server.speed;

import dev.backstep.server.cpu.OpenBlas;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The most memory the large training step holds, here and in LibTorch: see {@link MemoryUse}. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class MemoryBenchmark {
    /** The result that counts; the time is how long the looking took. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Peak {
        public long bytes;
    }

    @Benchmark
    public void ours(Peak peak) {
        OpenBlas.use();
        // What every program has once: classes, the catalogue of ops.
        Training.SMALL.ours().run();
        peak.bytes = MemoryUse.ofHeap(Training.LARGE::ours, 400);
    }

    /** Interpreted, because compilers of the JVM would take megabytes from the C library too, and give them back. */
    @Benchmark
    @Fork(value = 1, jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m", "-Xint"})
    public void torch(Peak peak) {
        Training.SMALL.torchs().run();
        peak.bytes = MemoryUse.ofNative(Training.LARGE::torchs, 300_000);
    }
}
