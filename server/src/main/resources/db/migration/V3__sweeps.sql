-- Whoever asks for runs first changes this row, so that two who ask at the same time are counted one after the other.
CREATE TABLE run_gate (
    id     INT PRIMARY KEY,
    passed BIGINT NOT NULL
);

INSERT INTO run_gate (id, passed) VALUES (1, 0);

-- One document with a grid of values: a run for each point of the grid.
CREATE TABLE sweeps (
    id      TEXT PRIMARY KEY,
    token   TEXT NOT NULL,       -- SHA-256 of the token that stops it and steers its runs, which itself is not kept
    axes    TEXT NOT NULL,       -- JSON: what varies, and its values
    created BIGINT NOT NULL
);

ALTER TABLE runs ADD COLUMN sweep_id TEXT REFERENCES sweeps (id);
ALTER TABLE runs ADD COLUMN point INT;           -- its number in the grid, from 0
ALTER TABLE runs ADD COLUMN point_values TEXT;   -- JSON: its value on each axis

-- Of the last epoch that was measured; NULL where there is no such number.
ALTER TABLE runs ADD COLUMN train_loss DOUBLE PRECISION;
ALTER TABLE runs ADD COLUMN test_loss DOUBLE PRECISION;
ALTER TABLE runs ADD COLUMN test_accuracy DOUBLE PRECISION;
-- The least loss so far: of the held-out samples where there are any.
ALTER TABLE runs ADD COLUMN best_loss DOUBLE PRECISION;

CREATE INDEX runs_sweep ON runs (sweep_id, point);

-- When it is taken: runs of the least turn first.
ALTER TABLE runs ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;

-- A turn may be a larger number than the queue's priority could hold.
CREATE TABLE scheduled_tasks_next (
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
    priority             INT,
    PRIMARY KEY (task_name, task_instance)
);

INSERT INTO scheduled_tasks_next
    SELECT task_name, task_instance, task_data, execution_time, picked, picked_by, last_success, last_failure,
        consecutive_failures, last_heartbeat, version, priority
    FROM scheduled_tasks WHERE task_name = 'run';
DROP TABLE scheduled_tasks;
ALTER TABLE scheduled_tasks_next RENAME TO scheduled_tasks;
CREATE INDEX scheduled_tasks_due ON scheduled_tasks (priority DESC, execution_time ASC);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
