package dev.backstep.web.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.Fingerprint;
import dev.backstep.web.train.Runner.Site;

/** How fast batches of documents were where they have been trained, whatever their loops were. */
final class Paces {
    private final Remembered rates = new Remembered("backstep.paces");
    /** The document that was asked for last: while it is trained, it is the same again and again. */
    private Graph known;
    private String print;

    /** Batches a second of the last run there; 0 where none was. */
    double of(Site site, Graph graph) {
        String rate = rates.get(name(site, graph));
        try {
            return rate == null ? 0 : Double.parseDouble(rate);
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }

    void put(Site site, Graph graph, double rate) {
        rates.put(name(site, graph), String.valueOf(rate));
    }

    private String name(Site site, Graph graph) {
        if (graph != known) {
            print = Fingerprint.of(graph);
            known = graph;
        }
        return (site == Site.TAB ? "tab." : "server.") + print;
    }
}
