package dev.backstep.server.speed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Times every {@link Task} here and in LibTorch and prints a table: round by round, one fork of each after the other,
 * so that what else the machine does meets both alike. Medians of the rounds; a ratio is theirs to ours. With an
 * argument it runs so many rounds, with more only the tasks they name.
 */
final class SpeedReport {
    private SpeedReport() {
    }

    /** One measure by round. */
    private static final class Measure {
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> torchs = new ArrayList<>();

        void add(RunResult result, double value) {
            (isOurs(result) ? ours : torchs).add(value);
        }

        /** Ours, theirs, and the ratio with its least and most. */
        String cells() {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < ours.size(); i++) {
                ratios.add(torchs.get(i) / ours.get(i));
            }
            ratios.sort(null);
            return String.format(Locale.ROOT, " %.1f | %.1f | %.2f (%.2f to %.2f) |", median(ours), median(torchs),
                    median(ratios), ratios.getFirst(), ratios.getLast());
        }

        private static double median(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }
    }

    public static void main(String[] args) throws RunnerException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        List<Task> tasks = args.length > 1
                ? Arrays.stream(args).skip(1).map(Task::valueOf).toList() : List.of(Task.values());
        StringBuilder table = new StringBuilder("""

                | | processor µs, ours | LibTorch | ratio | µs by the clock, ours | LibTorch | ratio |
                |---|---|---|---|---|---|---|
                """);
        for (Task task : tasks) {
            Measure processor = new Measure();
            Measure clock = new Measure();
            for (int round = 0; round < rounds; round++) {
                for (RunResult result : time(task)) {
                    processor.add(result, result.getSecondaryResults().get(CpuProfiler.NAME).getScore());
                    clock.add(result, result.getPrimaryResult().getScore());
                }
            }
            table.append("| ").append(task).append(" |").append(processor.cells()).append(clock.cells()).append('\n');
        }
        if (args.length < 2) {
            table.append(memory(rounds));
        }
        System.out.println(table);
    }

    private static Collection<RunResult> time(Task task) throws RunnerException {
        return new Runner(new OptionsBuilder().include(SpeedBenchmark.class.getName()).param("task", task.name())
                .addProfiler(CpuProfiler.class).build()).run();
    }

    private static String memory(int rounds) throws RunnerException {
        Measure peak = new Measure();
        for (int round = 0; round < rounds; round++) {
            for (RunResult result : new Runner(new OptionsBuilder().include(MemoryBenchmark.class.getName()).build())
                    .run()) {
                peak.add(result, result.getSecondaryResults().get("bytes").getScore() / 1e6);
            }
        }
        return "\n| | MB, ours | LibTorch | ratio |\n|---|---|---|---|\n| memory of LARGE_STEP |" + peak.cells() + "\n";
    }

    private static boolean isOurs(RunResult result) {
        return result.getParams().getBenchmark().endsWith("ours");
    }
}
