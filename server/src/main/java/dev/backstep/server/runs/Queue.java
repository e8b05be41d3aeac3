package dev.backstep.server.runs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The queue in the database, and the threads that take runs from it. Any number of processes share one database;
 * db-scheduler gives each run to one thread of them, and to another when its process stops sending heartbeats.
 */
public final class Queue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("backstep.runs");
    /** The name of all entries. */
    static final String TASK = "run";
    private static final int TRIES = 3;
    /** The steps of the histogram of waiting times. */
    private static final Duration[] WAITS = {Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10),
        Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1)};
    /** A run that ended the process so often is not taken again. */
    private static final int MOST_ATTEMPTS = 50;
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration DRAIN = Duration.ofSeconds(10);
    /** A run that was let go while its old entry was not yet gone would wait for ever; so somebody looks. */
    private static final Duration TEND = Duration.ofSeconds(10);

    private final RunStore store;
    private final Limits limits;
    private final Duration save;
    private final Hardware hardware;
    private final String worker;
    private final int threads;
    /** Of the runs that are computed here now. */
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final Scheduler scheduler;
    /** A worker's process lives as long as it does, so it is no daemon. */
    private final Thread tending = Thread.ofPlatform().name("tend").unstarted(this::tend);
    private boolean closed;
    private MeterRegistry registry = new CompositeMeterRegistry(); // which is nobody's until one is named

    /**
     * A queue that takes nothing yet.
     *
     * @param threads how many runs are computed here at once; 0: none, others do
     * @param heartbeat how often this process says that it lives; after four missed ones its runs are given to others
     * @param save how often a run's checkpoint is kept
     * @param hardware what runs compute on here
     */
    Queue(DataSource database, RunStore store, Limits limits, int threads, Duration heartbeat, Duration save,
            Hardware hardware) {
        this.store = store;
        this.limits = limits;
        this.save = save;
        this.hardware = hardware;
        this.threads = threads;
        this.worker = new SchedulerName.Hostname().getName() + "-" + ProcessHandle.current().pid();
        CustomTask<Void> task = Tasks.custom(TASK, Void.class)
                .onFailure(this::failed)
                .onDeadExecutionRevive()
                .execute((instance, context) -> execute(instance, context));
        this.scheduler = Scheduler.create(database, task)
                .threads(Math.max(1, threads))
                // None is fetched before there is a thread for it: meanwhile another may have become first.
                .pollUsingFetch(0.5, 1)
                .schedulerName(new SchedulerName.Fixed(worker))
                .pollingInterval(Duration.ofMillis(500))
                .heartbeatInterval(heartbeat)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .shutdownMaxWait(DRAIN)
                .enableImmediateExecution()
                .enablePriority()
                .alwaysPersistTimestampInUTC()
                .build();
    }

    /** Has the registry be told what is computed here, and how long it waited. */
    void measure(MeterRegistry meterRegistry) {
        registry = meterRegistry;
        Gauge.builder("backstep.runs.computing", meters, Map::size).description("Runs that this process computes now")
                .register(registry);
        Gauge.builder("backstep.runs.held", meters, all -> all.values().stream().mapToLong(Meter::held).sum())
                .description("Memory of their tensors, garbage included").baseUnit("bytes").register(registry);
        Gauge.builder("backstep.runs.held.on.device", meters,
                        all -> all.values().stream().mapToLong(Meter::heldOnDevice).sum())
                .description("Memory of devices that they hold").baseUnit("bytes").register(registry);
    }

    void start() {
        if (threads > 0) {
            MeteredBackend.install();
            tending.start();
        }
    }

    /** Takes runs from here on, unless it is closed by now. */
    private synchronized void take() {
        if (!closed) {
            scheduler.start();
            LOG.atInfo().addKeyValue("worker", worker).addKeyValue("threads", threads).log("takes runs");
        }
    }

    private void tend() {
        try {
            // Until then other workers may take them.
            hardware.await();
            take();
            while (true) {
                Thread.sleep(TEND);
                try {
                    store.forgotten().forEach(this::add);
                } catch (RuntimeException e) {
                    LOG.atWarn().setCause(e).log("cannot look after the queue"); // the next time, perhaps
                }
            }
        } catch (InterruptedException _) {
            // the queue is closed
        }
    }

    /** Has a run be taken when its turn comes. */
    void add(RunStore.Turn run) {
        var instance = new TaskInstance.Builder<Void>(TASK, run.id()).priority((int) -run.turn()).build();
        scheduler.scheduleIfNotExists(instance, Instant.now());
    }

    private CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
        String id = instance.getId();
        try (var _ = MDC.putCloseable("run", id)) {
            Optional<RunStore.Taken> taken = store.take(id, worker);
            return taken.isEmpty() ? new CompletionHandler.OnCompleteRemove<>() : execute(taken.get(), context);
        }
    }

    private CompletionHandler<Void> execute(RunStore.Taken run, ExecutionContext context) {
        log("begins", run);
        if (run.attempt() == 1) {
            Timer.builder("backstep.runs.wait").description("From when a run was asked for until it was begun")
                    .serviceLevelObjectives(WAITS).register(registry).record(Duration.ofMillis(run.waited()));
        }
        try {
            long start = System.nanoTime();
            Phase phase = run.attempt() > MOST_ATTEMPTS ? store.leave(run, null, Phase.FAILED,
                    "Workers ended %d times while they computed it.".formatted(MOST_ATTEMPTS)) : compute(run, context);
            Timer.builder("backstep.runs.computed").description("How long a worker had a run, by how it left it")
                    .tags("phase", phase.text(), "device", store.find(run.id()).map(RunStore.Row::device).orElse(""))
                    .register(registry)
                    .record(Duration.ofNanos(System.nanoTime() - start));
            log(phase.text(), run);
            return phase == Phase.QUEUED
                    ? (complete, operations) -> operations.reschedule(complete, Instant.now())
                    : new CompletionHandler.OnCompleteRemove<>();
        } catch (RunStore.Superseded superseded) {
            log("superseded", run);
            return (_, _) -> { };
        }
    }

    /** @return where the run stands now */
    private Phase compute(RunStore.Taken run, ExecutionContext context) {
        var meter = new Meter(limits.tensorBytes());
        meters.put(run.id(), meter);
        try {
            return new Execution(store, run, limits, save, hardware,
                    () -> context.getSchedulerState().isShuttingDown(), meter).execute();
        } catch (OutOfMemoryError error) {
            // Whoever asks last hears of it; to go is the one that holds most. What it held is garbage by now.
            Meter most = Collections.max(meters.values(), Comparator.comparingLong(Meter::held));
            LOG.atError().addKeyValue("held", meter.held()).setCause(error).log("no memory");
            if (most == meter) {
                return store.leave(run, null, Phase.FAILED, TooMuchMemory.ofProcess(meter.held()).getMessage());
            }
            most.condemn();
            return store.leave(run, null, Phase.QUEUED, null);
        } finally {
            meters.remove(run.id());
        }
    }

    private static void log(String what, RunStore.Taken run) {
        LOG.atInfo().addKeyValue("attempt", run.attempt()).log(what);
    }

    private void failed(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        String id = complete.getExecution().taskInstance.getId();
        int failures = complete.getExecution().consecutiveFailures + 1;
        var cause = complete.getCause().orElse(null);
        try (var _ = MDC.putCloseable("run", id)) {
            LOG.atError().addKeyValue("failures", failures).setCause(cause).log("failed");
        }
        if (failures >= TRIES) {
            store.fail(id, "It failed %d times, last with %s.".formatted(failures, cause));
            operations.remove();
        } else {
            operations.reschedule(complete, Instant.now().plusSeconds(1L << failures));
        }
    }

    /** Takes nothing more, and leaves what is computed here to others, from where it stands. */
    @Override
    public void close() {
        tending.interrupt();
        synchronized (this) {
            closed = true;
        }
        scheduler.stop();
    }
}
