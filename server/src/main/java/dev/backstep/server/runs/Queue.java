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
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
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

/**
 * The queue in the database, and the threads that take runs from it. Any number of processes share one database;
 * db-scheduler gives each run to one thread of them, and to another when its process stops sending heartbeats.
 */
public final class Queue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("backstep.runs");
    private static final String TASK = "run";
    private static final int TRIES = 3;
    /** A run that ended the process so often is not taken again. */
    private static final int MOST_ATTEMPTS = 50;
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final RunStore store;
    private final Limits limits;
    private final Duration save;
    private final String worker;
    private final int threads;
    /** Of the runs that are computed here now. */
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final CustomTask<Void> task;
    private final Scheduler scheduler;

    /**
     * A queue that takes nothing yet.
     *
     * @param threads how many runs are computed here at once; 0: none, others do
     * @param heartbeat how often this process says that it lives; after four missed ones its runs are given to others
     * @param save how often a run's checkpoint is kept
     */
    Queue(DataSource database, RunStore store, Limits limits, int threads, Duration heartbeat, Duration save) {
        this.store = store;
        this.limits = limits;
        this.save = save;
        this.threads = threads;
        this.worker = new SchedulerName.Hostname().getName() + "-" + ProcessHandle.current().pid();
        this.task = Tasks.custom(TASK, Void.class)
                .onFailure(this::failed)
                .onDeadExecutionRevive()
                .execute((instance, context) -> execute(instance, context));
        // A run that was let go while its old entry was not yet gone would wait for ever.
        var tend = Tasks.recurring("tend", FixedDelay.ofSeconds(10)).execute((_, _) -> store.queued().forEach(this::add));
        this.scheduler = Scheduler.create(database, task)
                .startTasks(tend)
                .threads(Math.max(1, threads) + 1)
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

    void start() {
        if (threads > 0) {
            MeteredBackend.install();
            scheduler.start();
            LOG.atInfo().addKeyValue("worker", worker).addKeyValue("threads", threads).log("takes runs");
        }
    }

    private void add(String id) {
        add(id, 0);
    }

    /** @param waiting how many runs of the same client wait before it: the more, the later it is taken */
    void add(String id, int waiting) {
        var instance = new TaskInstance.Builder<Void>(TASK, id).priority(-waiting).build();
        scheduler.scheduleIfNotExists(instance, Instant.now());
    }

    private CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
        String id = instance.getId();
        Optional<RunStore.Taken> taken = store.take(id, worker);
        if (taken.isEmpty()) {
            return new CompletionHandler.OnCompleteRemove<>();
        }
        RunStore.Taken run = taken.get();
        log("begins", id, run.attempt());
        if (run.attempt() > MOST_ATTEMPTS) {
            store.leave(run, Phase.FAILED, "Workers ended %d times while they computed it.".formatted(MOST_ATTEMPTS));
            return new CompletionHandler.OnCompleteRemove<>();
        }
        try {
            Phase phase = compute(run, context);
            log(phase.text(), id, run.attempt());
            return phase == Phase.QUEUED
                    ? (complete, operations) -> operations.reschedule(complete, Instant.now())
                    : new CompletionHandler.OnCompleteRemove<>();
        } catch (RunStore.Superseded superseded) {
            log("superseded", id, run.attempt());
            return (_, _) -> { };
        }
    }

    /** @return where the run stands now */
    private Phase compute(RunStore.Taken run, ExecutionContext context) {
        var meter = new Meter(limits.tensorBytes());
        meters.put(run.id(), meter);
        try {
            return new Execution(store, run, limits, save, () -> context.getSchedulerState().isShuttingDown(), meter)
                    .execute();
        } catch (OutOfMemoryError error) {
            // Whoever asks last hears of it; to go is the one that holds most. What it held is garbage by now.
            Meter most = Collections.max(meters.values(), Comparator.comparingLong(Meter::held));
            LOG.atError().addKeyValue("run", run.id()).addKeyValue("held", meter.held()).setCause(error).log("no memory");
            if (most == meter) {
                return store.leave(run, Phase.FAILED, TooMuchMemory.ofProcess(meter.held()).getMessage());
            }
            most.condemn();
            return store.leave(run, Phase.QUEUED, null);
        } finally {
            meters.remove(run.id());
        }
    }

    private static void log(String what, String id, long attempt) {
        LOG.atInfo().addKeyValue("run", id).addKeyValue("attempt", attempt).log(what);
    }

    private void failed(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        String id = complete.getExecution().taskInstance.getId();
        int failures = complete.getExecution().consecutiveFailures + 1;
        var cause = complete.getCause().orElse(null);
        LOG.atError().addKeyValue("run", id).addKeyValue("failures", failures).setCause(cause).log("failed");
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
        scheduler.stop();
    }
}
