package dev.backstep.web.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.jso.KeptRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.teavm.jso.browser.Storage;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.core.JSString;
import org.teavm.jso.indexeddb.IDBDatabase;
import org.teavm.jso.indexeddb.IDBFactory;
import org.teavm.jso.indexeddb.IDBGetRequest;
import org.teavm.jso.indexeddb.IDBObjectStore;
import org.teavm.jso.indexeddb.IDBOpenDBRequest;
import org.teavm.jso.typedarrays.Float64Array;

/**
 * Runs in this browser's IndexedDB, the newest of each of the last few documents. A browser that keeps nothing, in a
 * private window or where the disk is full, only has nothing to go on with after a reload.
 */
public final class Store {
    private static final String DATABASE = "backstep";
    private static final String RUNS = "runs";
    private static final String KEYS = "backstep.runs";
    private static final int MAX_RUNS = 6;
    private static final int EPOCH = 7;

    private IDBDatabase database;

    /** Asks for the run that was kept of a document; is answered with null where there is none. */
    public void find(Graph graph, Consumer<Kept> answer) {
        open(IDBDatabase.TRANSACTION_READONLY, runs -> {
            IDBGetRequest request = runs.get(JSString.valueOf(key(graph)));
            request.setOnSuccess(() -> answer.accept(read(request)));
        });
    }

    private static Kept read(IDBGetRequest request) {
        if (JSObjects.isUndefined(request.getResult())) {
            return null;
        }
        KeptRun run = (KeptRun) request.getResult();
        double[] told = run.getEpochs().copyToJavaArray();
        List<RunEvent.EpochEnd> epochs = new ArrayList<>();
        for (int i = 0; i + EPOCH <= told.length; i += EPOCH) {
            epochs.add(new RunEvent.EpochEnd((int) told[i], (long) told[i + 1], told[i + 2], told[i + 3], told[i + 4],
                    told[i + 5], told[i + 6]));
        }
        try {
            return new Kept(GraphJson.read(run.getDocument()), (long) run.getBatch(),
                    Bytes.of(run.getCheckpoint()), run.getLosses().copyToJavaArray(),
                    run.getNorms().copyToJavaArray(), epochs);
        } catch (GraphException unreadable) {
            return null;
        }
    }

    /** Keeps a run in place of what was kept of its document. */
    public void put(Graph document, Kept kept) {
        String key = key(document);
        KeptRun run = JSObjects.create();
        run.setDocument(GraphJson.write(kept.graph()));
        run.setBatch(kept.batch());
        run.setCheckpoint(kept.checkpoint().there());
        run.setLosses(Float64Array.copyFromJavaArray(kept.losses()));
        run.setNorms(Float64Array.copyFromJavaArray(kept.norms()));
        double[] epochs = new double[EPOCH * kept.epochs().size()];
        int at = 0;
        for (RunEvent.EpochEnd end : kept.epochs()) {
            for (double number : new double[] {end.epoch(), end.batch(), end.trainLoss(), end.testLoss(),
                end.trainAccuracy(), end.testAccuracy(), end.lr()}) {
                epochs[at++] = number;
            }
        }
        run.setEpochs(Float64Array.copyFromJavaArray(epochs));
        open(IDBDatabase.TRANSACTION_READWRITE, runs -> {
            runs.put(run, JSString.valueOf(key));
            for (String old : remember(key)) {
                runs.delete(JSString.valueOf(old));
            }
        });
    }

    /** Forgets the run of a document. */
    public void remove(Graph document) {
        open(IDBDatabase.TRANSACTION_READWRITE, runs -> runs.delete(JSString.valueOf(key(document))));
    }

    private void open(String mode, Consumer<IDBObjectStore> work) {
        if (database != null) {
            work.accept(database.transaction(RUNS, mode).objectStore(RUNS));
            return;
        }
        try {
            IDBOpenDBRequest request = IDBFactory.getInstance().open(DATABASE, 1);
            request.setOnUpgradeNeeded(event -> request.getResult().createObjectStore(RUNS));
            request.setOnSuccess(() -> {
                database = request.getResult();
                // Another tab may want a newer store.
                database.setOnVersionChange(() -> {
                    database.close();
                    database = null;
                });
                work.accept(database.transaction(RUNS, mode).objectStore(RUNS));
            });
        } catch (Throwable forbidden) {
            database = null;
        }
    }

    /** Puts a key in front of those that are kept; gives those that are too many. */
    private static List<String> remember(String key) {
        List<String> keys = new ArrayList<>();
        try {
            String told = Storage.getLocalStorage().getItem(KEYS);
            if (told != null && !told.isEmpty()) {
                keys.addAll(List.of(told.split(" ")));
            }
            keys.remove(key);
            keys.addFirst(key);
            List<String> old = new ArrayList<>(keys.subList(Math.min(MAX_RUNS, keys.size()), keys.size()));
            keys.removeAll(old);
            Storage.getLocalStorage().setItem(KEYS, String.join(" ", keys));
            return old;
        } catch (Throwable forbidden) {
            return List.of();
        }
    }

    /** Documents that differ only in where their boxes lie have one key: 64 bits of FNV-1a of the JSON. */
    private static String key(Graph graph) {
        List<GraphNode> nodes = graph.nodes().stream().map(node -> node.at(0, 0)).toList();
        String json = GraphJson.write(Graph.of(nodes, graph.wires(), graph.target()));
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < json.length(); i++) {
            hash = (hash ^ json.charAt(i)) * 0x100000001b3L;
        }
        return Long.toHexString(hash);
    }
}
