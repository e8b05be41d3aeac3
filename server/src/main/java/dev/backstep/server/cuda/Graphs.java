package dev.backstep.server.cuda;

import java.util.LinkedHashMap;
import java.util.Map;

/** Graphs of executables, each one at most; beyond a number the one that was not launched for longest goes. */
final class Graphs {
    private final Driver driver;
    private final int most;
    private final Map<CudaExecutable, Long> graphs = new LinkedHashMap<>(16, 0.75f, true);

    Graphs(Driver driver, int most) {
        this.driver = driver;
        this.most = most;
    }

    /** Launches the graph of that executable. @return whether there is one */
    boolean launch(CudaExecutable of) {
        Long graph = graphs.get(of);
        if (graph != null) {
            driver.cuGraphLaunch(graph);
        }
        return graph != null;
    }

    /**
     * Keeps what {@code steps} ask as the executable's graph.
     *
     * @return whether it could be kept; where not, nothing was done
     */
    boolean capture(CudaExecutable of, Runnable steps) {
        long graph = 0;
        try {
            driver.cuStreamBeginCapture();
            try {
                steps.run();
            } finally {
                graph = driver.cuStreamEndCapture();
            }
            graphs.put(of, driver.cuGraphInstantiate(graph));
        } catch (CudaException refused) {
            if (refused.isFinal()) {
                throw refused;
            }
            return false;
        } finally {
            if (graph != 0) {
                driver.cuGraphDestroy(graph);
            }
        }
        if (graphs.size() > most) {
            drop(graphs.keySet().iterator().next());
        }
        return true;
    }

    void drop(CudaExecutable of) {
        Long graph = graphs.remove(of);
        if (graph != null) {
            driver.cuGraphExecDestroy(graph);
        }
    }
}
