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
 * so that what else the machine does meets both alike. Medians of the rounds; the ratio is theirs to ours. With an
 * argument it runs so many rounds, with more only the tasks they name.
 */
final class SpeedReport {
    private SpeedReport() {
    }

    public static void main(String[] args) throws RunnerException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        List<Task> tasks = args.length > 1
                ? Arrays.stream(args).skip(1).map(Task::valueOf).toList() : List.of(Task.values());
        StringBuilder table = new StringBuilder("| task | ours, µs | LibTorch, µs | ratio (min to max) |\n|---|---|---|---|\n");
        for (Task task : tasks) {
            List<Double> ours = new ArrayList<>();
            List<Double> torchs = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                for (RunResult result : time(task)) {
                    boolean own = result.getParams().getBenchmark().endsWith("ours");
                    (own ? ours : torchs).add(result.getPrimaryResult().getScore());
                }
                ratios.add(torchs.getLast() / ours.getLast());
            }
            ratios.sort(null);
            table.append(String.format(Locale.ROOT, "| %s | %.1f | %.1f | %.2f (%.2f to %.2f) |%n", task, median(ours),
                    median(torchs), median(ratios), ratios.getFirst(), ratios.getLast()));
        }
        if (args.length < 2) {
            table.append(memory(rounds));
        }
        System.out.println(table);
    }

    /** Other parts of a JVM allocate too, which can only add: the least of LibTorch's peaks beside the most of ours. */
    private static String memory(int rounds) throws RunnerException {
        long ours = 0;
        long torchs = Long.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            for (RunResult result : new Runner(new OptionsBuilder().include(MemoryBenchmark.class.getName()).build())
                    .run()) {
                long bytes = (long) result.getSecondaryResults().get("bytes").getScore();
                if (result.getParams().getBenchmark().endsWith("ours")) {
                    ours = Math.max(ours, bytes);
                } else {
                    torchs = Math.min(torchs, bytes);
                }
            }
        }
        return String.format(Locale.ROOT, "%nmemory of LARGE_STEP: %,d bytes here, %,d in LibTorch, ratio %.2f%n", ours,
                torchs, (double) ours / torchs);
    }

    private static Collection<RunResult> time(Task task) throws RunnerException {
        return new Runner(new OptionsBuilder().include(SpeedBenchmark.class.getName()).param("task", task.name())
                .build()).run();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
