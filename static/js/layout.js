// Runs as a worker, started when somebody asks for a layout: ELK, which answers messages as its own API sends them.
import "elkjs/lib/elk-worker.min.js";
