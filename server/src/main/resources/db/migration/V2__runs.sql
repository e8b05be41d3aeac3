-- Times are milliseconds since 1970-01-01 UTC. ${bytes} and ${time} are the database's own types.

CREATE TABLE runs (
    id       TEXT PRIMARY KEY,
    token    TEXT NOT NULL,      -- SHA-256 of the token that steers it, which itself is not kept
    client   TEXT NOT NULL,      -- who asked for it, for limits
    run      TEXT NOT NULL,      -- document and loop, as the engine writes a run
    phase    TEXT NOT NULL,      -- queued, running, paused; done, diverged, stopped, failed
    wanted   TEXT NOT NULL,      -- run, pause, stop
    attempt  BIGINT NOT NULL,    -- how often a worker took it; only the last one may write
    worker   TEXT,
    told     BIGINT NOT NULL,    -- batches up to this one are in run_events
    total    BIGINT NOT NULL,    -- batches of all epochs; 0 until it began
    epoch    BIGINT NOT NULL,
    rate     DOUBLE PRECISION NOT NULL,
    error    TEXT,
    created  BIGINT NOT NULL,
    began    BIGINT,
    ended    BIGINT
);

CREATE INDEX runs_client ON runs (client, created);
CREATE INDEX runs_phase ON runs (phase);

CREATE TABLE run_events (
    run_id TEXT NOT NULL REFERENCES runs (id),
    seq    BIGINT NOT NULL,
    event  TEXT NOT NULL,        -- as the engine writes an event
    PRIMARY KEY (run_id, seq)
);

CREATE TABLE run_checkpoints (
    run_id TEXT PRIMARY KEY REFERENCES runs (id),
    batch  BIGINT NOT NULL,
    bytes  ${bytes} NOT NULL     -- as the engine writes a checkpoint
);

-- What db-scheduler keeps of the queue.
CREATE TABLE scheduled_tasks (
    task_name            TEXT NOT NULL,
    task_instance        TEXT NOT NULL,
    task_data            ${bytes},
    execution_time       ${time},
    picked               BOOLEAN NOT NULL,
    picked_by            TEXT,
    last_success         ${time},
    last_failure         ${time},
    consecutive_failures INT,
    last_heartbeat       ${time},
    version              BIGINT NOT NULL,
    priority             SMALLINT,
    PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_due ON scheduled_tasks (priority DESC, execution_time ASC);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
