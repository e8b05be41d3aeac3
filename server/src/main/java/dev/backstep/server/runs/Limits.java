package dev.backstep.server.runs;

import java.time.Duration;

/**
 * How much may be asked of this server.
 *
 * @param queue runs of all clients that are not over yet
 * @param perClient the same of one client
 * @param perMinute runs that one client may ask for in a minute
 * @param batches of one run, all epochs together
 * @param tensorBytes memory that one run may need, as {@link dev.backstep.engine.train.Estimate} has it
 * @param time how long a worker may compute on one run
 */
public record Limits(int queue, int perClient, int perMinute, long batches, long tensorBytes, Duration time) {
}
