-- On which device a run is computed, or was last: cpu, cuda.
ALTER TABLE runs ADD COLUMN device TEXT NOT NULL DEFAULT 'cpu';
