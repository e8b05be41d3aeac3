package dev.backstep.server.speed;

import dev.backstep.server.cpu.OpenBlas;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long each piece of work takes here and in LibTorch, in microseconds; {@link SpeedReport} makes a table of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 8)
@Measurement(iterations = 5, time = 1)
public class SpeedBenchmark {
    @Param
    public Task task;

    private Work ours;
    private Work torchs;

    @Setup
    public void prepare() {
        OpenBlas.use();
        ours = task.ours();
        torchs = task.torchs();
    }

    @Benchmark
    public double ours() {
        return ours.run();
    }

    @Benchmark
    public double torch() {
        return torchs.run();
    }
}
