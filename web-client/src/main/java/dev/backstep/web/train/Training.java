package dev.backstep.web.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.train.Adoption;
import dev.backstep.engine.train.Figure;
import dev.backstep.engine.train.Refusal;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Likeness;
import dev.backstep.web.session.Signal;
import dev.backstep.web.train.Runner.Control;
import dev.backstep.web.train.Runner.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The run that trains the document that is open, and those before it. A run belongs to the document as it was when it
 * began; an edit does not touch it, and one may begin anew or go on with the changed document.
 */
public final class Training implements Runner.Listener {
    /** The run told something, or is another one. */
    public final Signal changed = new Signal();

    private static final int MAX_PAST = 6;
    private static final long SAVE_EVERY_MS = 4_000;
    /** The parameters of a small net are told so often while it goes on, for the canvas. */
    private static final long TELL_EVERY_MS = 700;
    private static final int SMALL_BYTES = 100_000;

    private final Editor editor;
    private final Place tab;
    private final Store store;
    private final List<Consumer<RunEvent>> listeners = new ArrayList<>();
    private final List<Past> past = new ArrayList<>();
    private final Paces paces = new Paces();
    private Set<Figure> watched = Set.of();
    private Runner runner;
    private RunLog log;
    /** The document when the run began, and what the run makes of it, which may have another seed or length. */
    private Graph document;
    private Graph trained;
    private Graph accepted;
    private int number;
    private Kept kept;
    /** The last that the run told of itself; of no use to go on from where it has diverged. */
    private Kept standing;
    private Kept offered;
    private Graph offeredFor;
    private String lost;
    private Denial denial;
    private Reason refusal;
    /** Where the run goes on, and would again. */
    private Place place;
    private long savedAt;
    private long storedAt;
    private boolean adopting;
    private boolean resuming;
    /** Whether the run is to end as soon as it has said where it stands. */
    private boolean stopping;

    /** Where runs go on. */
    public interface Place {
        /** @param checkpoint what to go on from, or null */
        Runner start(Graph graph, byte[] checkpoint, Runner.Listener listener);
    }

    /**
     * @param tab where runs go on unless somebody asks for another place
     * @param store where runs are kept for the next visit, or null
     */
    public Training(Editor editor, Place tab, Store store) {
        this.editor = editor;
        this.tab = tab;
        this.place = tab;
        this.store = store;
        editor.changed.listen(() -> {
            refusal = null;
            changed.fire();
        });
    }

    /** Hears everything that runs tell. */
    public void listen(Consumer<RunEvent> listener) {
        listeners.add(listener);
    }

    /** Whether layers run in {@code train} mode, or in {@code eval}; null where there is no run. */
    public Boolean mode() {
        return log() == null ? null : (Boolean) (log().isRunning() || log().state() == State.PAUSED);
    }

    /** What the run told, or null where there was none yet. */
    public RunLog log() {
        return log;
    }

    /** What the run trains, or null. */
    public Graph trained() {
        return trained;
    }

    /** The number of the run, from 1. */
    public int number() {
        return number;
    }

    /** The runs before, the latest first. */
    public List<Past> past() {
        return past;
    }

    /** Forgets one of the runs before. */
    public void forget(Past run) {
        past.remove(run);
        changed.fire();
    }

    /** Whether there is a run that has not ended for good. */
    public boolean isOpen() {
        return runner != null && !runner.isOver();
    }

    /** Where the run is computed; the tab where there is none. */
    public Site site() {
        return serverRun() == null ? Site.TAB : Site.SERVER;
    }

    /** The run, where it is on a server; also once it is over. */
    public ServerRun serverRun() {
        return runner instanceof ServerRun run ? run : null;
    }

    /** Batches a second of a document: of the run that goes on there, else of the last one; 0 where none was. */
    public double pace(Site where, Graph graph) {
        boolean goesOn = isRunning() && site() == where && (graph == trained || graph == document);
        return goesOn && log.at().rate() > 0 ? log.at().rate() : paces.of(where, graph);
    }

    /** What one may ask of the run. */
    public Control control() {
        return runner == null ? Control.ALL : runner.control();
    }

    /** What a server answered instead of doing what was asked, or null. */
    public Denial denial() {
        return denial;
    }

    /** Nobody needs to be told of the {@link #denial} any more. */
    public void forgive() {
        denial = null;
        changed.fire();
    }

    /** Whether a run was asked for and has not said yet that it is ready. */
    public boolean isStarting() {
        return isOpen() && log.started() == null && log.failure() == null;
    }

    public boolean isRunning() {
        return runner != null && log.isRunning();
    }

    /** Whether the document was changed since the run began, and nobody has said that this is as it should be. */
    public boolean isStale() {
        return isOpen() && !isFresh() && accepted != editor.graph() && !Likeness.isSame(document, editor.graph());
    }

    /** Leaves the run with the earlier document. */
    public void accept() {
        accepted = editor.graph();
        changed.fire();
    }

    /** Why the run is gone, empty where nobody knows; null where it is not. */
    public String lost() {
        return lost;
    }

    /** The last checkpoint of the run, or null. */
    public Kept kept() {
        return kept;
    }

    /** Where the run stands, paused or ended; null while it goes on, or has not told it yet. */
    public Kept standing() {
        return standing != null && log != null && !log.isRunning() && standing.batch() == log.batch() ? standing : null;
    }

    /** A run of an earlier visit that one may go on with, or null. */
    public Kept offered() {
        return offered != null && Likeness.isSame(offeredFor, editor.graph()) ? offered : null;
    }

    /** Looks for a run of the document that was opened, to go on with, and says so when there is one. */
    public void look(Runnable found) {
        if (store == null) {
            return;
        }
        Graph graph = editor.graph();
        store.find(graph, run -> {
            if (run != null && run.batch() > 0 && editor.graph() == graph && (isFresh() || !isOfDocument())) {
                offered = run;
                offeredFor = graph;
                found.run();
                changed.fire();
            }
        });
    }

    /** Goes on with the run that is offered. */
    public void takeOffer() {
        open(editor.graph(), offered);
    }

    public void refuseOffer() {
        offered = null;
        if (store != null) {
            store.remove(editor.graph());
        }
        changed.fire();
    }

    /** Begins a run of the open document, and leaves it at its beginning. */
    public void begin() {
        begin(editor.graph());
    }

    /** Whether there is no run, or one that has not learned anything; one on a server was asked for in earnest. */
    public boolean isFresh() {
        return log == null || log.losses().size() == 0 && !log.isRunning() && log.batch() == 0
                && (!isOpen() || site() == Site.TAB);
    }

    /** Whether the run is of the document as it stands. */
    public boolean isOfDocument() {
        return log != null && lost == null && (document == editor.graph() || Likeness.isSame(document, editor.graph()));
    }

    /** Begins a run of something made of the open document. */
    public void begin(Graph graph) {
        start(graph, null, tab);
    }

    /** Begins a run of something made of the open document somewhere else. */
    public void begin(Graph graph, Place elsewhere) {
        start(graph, null, elsewhere);
    }

    /** Goes on in this tab with what a run on a server has learned; from the beginning where that is nothing. */
    public void goOnHere() {
        Graph same = trained;
        Graph of = document;
        if (kept == null) {
            start(same, null, tab);
            document = of;
        } else {
            open(of, kept);
        }
        run();
    }

    private void open(Graph newDocument, Kept run) {
        start(run.graph(), run.bytes(), tab);
        document = newDocument;
        run.tell(log);
        kept = run;
        standing = run;
        changed.fire();
    }

    private void start(Graph graph, byte[] checkpoint, Place where) {
        leave();
        place = where;
        document = editor.graph();
        trained = graph;
        accepted = null;
        lost = null;
        denial = null;
        kept = null;
        standing = null;
        offered = null;
        adopting = false;
        stopping = false;
        refusal = null;
        log = new RunLog();
        launch(checkpoint);
        changed.fire();
    }

    private void launch(byte[] checkpoint) {
        // The first checkpoint comes early: how large it is says how often there may be one.
        savedAt = System.currentTimeMillis() - SAVE_EVERY_MS + TELL_EVERY_MS;
        storedAt = System.currentTimeMillis();
        runner = place.start(trained, checkpoint, this);
        if (log.failure() != null) {
            runner.close();
            forget();
        } else {
            runner.send(new RunCommand.Watch(watched));
        }
    }

    /** There is no run any more; of one on a server its name stays. */
    private void forget() {
        runner = site() == Site.TAB ? null : runner;
    }

    /** Goes on where the run was when it was last kept; what it told of later batches, it will tell again. */
    private void revive() {
        lost = null;
        denial = null;
        launch(kept == null ? null : kept.bytes());
    }

    /** The run becomes one of those before, if it has learned anything. */
    private void leave() {
        String server = serverRun() == null ? null : serverRun().id();
        if (runner != null) {
            runner.close();
            runner = null;
        }
        if (log == null) {
            number++;
        } else if (log.losses().size() > 0 || server != null) {
            past.addFirst(new Past(number++, trained, log, server));
            if (past.size() > MAX_PAST) {
                past.removeLast();
            }
        }
        log = null;
    }

    private void ready() {
        if (isFresh() && log != null && lost == null && !isOfDocument()) {
            begin();
        } else if (!isOpen() && lost != null && log.started() != null && site() == Site.TAB) {
            revive();
        } else if (!isOpen() || log.failure() != null) {
            begin();
        }
    }

    /** Goes on, or begins; where the last epoch was over, begins anew. */
    public void run() {
        if (runner != null && (log.state() == State.DONE || log.state() == State.DIVERGED)) {
            begin();
        }
        send(new RunCommand.Resume());
    }

    public void pause() {
        send(new RunCommand.Pause());
    }

    public void toggle() {
        if (isRunning()) {
            pause();
        } else {
            run();
        }
    }

    /** So many batches on; back where negative. */
    public void batches(int count) {
        if (count > 0 || log != null && log.batch() > 0) {
            send(new RunCommand.Batches(count));
        }
    }

    /** Begins a run where there is none, and asks for a checkpoint of where it stands. */
    public void stand() {
        send(new RunCommand.Save());
    }

    public void epoch() {
        send(new RunCommand.Epoch());
    }

    /** Goes to where so many batches were taken. */
    public void seek(long batch) {
        send(new RunCommand.Seek(batch));
    }

    /** Begins anew with what the run began with. */
    public void reset() {
        if (!isOpen() || !takes(new RunCommand.Reset())) {
            return;
        }
        if (log.losses().size() > 0) {
            RunEvent.Started started = log.started();
            past.addFirst(new Past(number++, trained, log, null));
            log = new RunLog();
            if (started != null) {
                log.take(started);
            }
        }
        send(new RunCommand.Reset());
    }

    /** Ends the run, once it has told where it stands; at once when asked again. What it told stays. */
    public void stop() {
        if (!isOpen() || !takes(new RunCommand.Stop())) {
            return;
        }
        if (site() == Site.SERVER) {
            runner.send(new RunCommand.Stop());
        } else if (stopping || isStarting() || standing() != null || log.batch() == 0) {
            end();
        } else {
            stopping = true;
            runner.send(new RunCommand.Pause());
            runner.send(new RunCommand.Save());
        }
    }

    private void end() {
        stopping = false;
        runner.close();
        runner = null;
        told(new RunEvent.At(State.STOPPED, log.batch(), log.at() == null ? 0 : log.at().epoch(), 0));
    }

    /**
     * Goes on with the open document from where the run is; from the last checkpoint where it has diverged. One on a
     * server stays as it is.
     */
    public void adopt() {
        if (site() == Site.SERVER) {
            return;
        }
        if (runner != null && log.state() == State.DIVERGED && kept == null) {
            begin();
        } else if (runner != null) {
            adopting = true;
            resuming = isRunning();
            runner.send(new RunCommand.Pause());
            runner.send(new RunCommand.Save());
        }
    }

    private void goOnWith(Graph graph) {
        byte[] checkpoint;
        try {
            checkpoint = Adoption.of(trained, kept.bytes(), graph);
        } catch (Refusal refused) {
            refusal = refused.reason();
            changed.fire();
            return;
        }
        open(graph, new Kept(graph, kept.batch(), Bytes.of(checkpoint), kept.losses(), kept.norms(), kept.epochs()));
    }

    /** Why one cannot go on with the document as it is, after that was tried; null where it was not. */
    public Reason refusal() {
        return refusal;
    }

    /** Which figures somebody looks at. */
    public void watch(Set<Figure> figures) {
        if (!figures.equals(watched)) {
            watched = figures;
            if (runner != null) {
                runner.send(new RunCommand.Watch(figures));
            }
        }
    }

    private void send(RunCommand command) {
        if (!takes(command)) {
            return;
        }
        ready();
        if (runner != null) {
            runner.send(command);
        }
        changed.fire();
    }

    /** Whether the run takes a command, or there is none that could refuse it. */
    private boolean takes(RunCommand command) {
        return !isOpen() || Runner.takes(runner.control(), command);
    }

    @Override
    public void told(RunEvent event) {
        if (log == null) {
            return;
        }
        boolean ran = log.isRunning();
        log.take(event);
        if (event instanceof RunEvent.At at && at.state() != State.RUNNING && at.batch() > 0 && at.rate() > 0) {
            paces.put(site(), trained, at.rate());
        }
        if (event instanceof RunEvent.Saved saved) {
            saved(saved.batch(), Bytes.of(saved.bytes()));
        } else if (event instanceof RunEvent.At at && runner != null) {
            boolean small = kept != null && kept.size() < SMALL_BYTES;
            boolean due = System.currentTimeMillis() - savedAt > (small ? TELL_EVERY_MS : SAVE_EVERY_MS);
            boolean known = standing != null && standing.batch() == at.batch();
            // Of a run that has not learned anything the document itself tells all.
            boolean learned = at.batch() > 0 || standing != null;
            if (learned && (at.state() == State.RUNNING ? due : ran || !known)) {
                savedAt = System.currentTimeMillis();
                runner.send(new RunCommand.Save());
            }
        } else if (event instanceof RunEvent.Failed && runner != null) {
            runner.close();
            forget();
        }
        listeners.forEach(listener -> listener.accept(event));
        changed.fire();
    }

    @Override
    public void saved(long batch, Bytes checkpoint) {
        if (log == null) {
            return;
        }
        standing = Kept.of(trained, log, batch, checkpoint);
        // A run that diverged keeps the checkpoint before: what there is now is of no use.
        if (log.state() != State.DIVERGED) {
            kept = standing;
            boolean due = System.currentTimeMillis() - storedAt > SAVE_EVERY_MS;
            if (store != null && kept.batch() > 0 && (due || !log.isRunning())) {
                storedAt = System.currentTimeMillis();
                store.put(document, kept);
            }
        }
        if (stopping) {
            end();
        } else if (adopting) {
            adopting = false;
            goOnWith(editor.graph());
            if (refusal == null && resuming) {
                send(new RunCommand.Resume());
            }
        } else {
            changed.fire();
        }
    }

    @Override
    public void refused(Denial why) {
        denial = why;
        changed.fire();
    }

    @Override
    public void changed() {
        changed.fire();
    }

    @Override
    public void gone(String why) {
        forget();
        adopting = false;
        stopping = false;
        lost = why;
        log.take(new RunEvent.At(State.STOPPED, log.batch(), log.at() == null ? 0 : log.at().epoch(), 0));
        changed.fire();
    }
}
