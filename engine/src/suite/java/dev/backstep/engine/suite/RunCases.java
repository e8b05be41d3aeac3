package dev.backstep.engine.suite;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.train.Checkpoint;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.NextBatch;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunJson;
import dev.backstep.engine.train.RunSession;
import dev.backstep.engine.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Documents that are trained: the same curve everywhere, and the same after going back and from a saved run. */
final class RunCases {
    private static final String PERCEPTRON = """
            {'format':1,'nodes':[
            {'id':'data','type':'data','attrs':{'source':'moons','samples':100,'seed':4,'batch_size':16}},
            {'id':'w1','type':'uniform','attrs':{'from':-0.7,'to':0.7,'size':[8,2],'seed':1,'requires_grad':true}},
            {'id':'b1','type':'uniform','attrs':{'from':-0.7,'to':0.7,'size':[8],'seed':2,'requires_grad':true}},
            {'id':'w2','type':'uniform','attrs':{'from':-0.3,'to':0.3,'size':[2,8],'seed':3,'requires_grad':true}},
            {'id':'h','type':'linear'},{'id':'a','type':'relu'},{'id':'d','type':'dropout','attrs':{'p':0.25}},
            {'id':'pred','type':'linear'},{'id':'loss','type':'cross_entropy'},
            {'id':'opt','type':'Adam','attrs':{'lr':0.01}},
            {'id':'loop','type':'loop','attrs':{'epochs':60,'clip_norm':1,'seed':5}}],
            'wires':[{'from':['data',0],'to':['h',0]},{'from':['w1',0],'to':['h',1]},{'from':['b1',0],'to':['h',2]},
            {'from':['h',0],'to':['a',0]},{'from':['a',0],'to':['d',0]},{'from':['d',0],'to':['pred',0]},
            {'from':['w2',0],'to':['pred',1]},{'from':['pred',0],'to':['loss',0]},{'from':['data',1],'to':['loss',1]}],
            'target':['loss',0]}""".replace('\'', '"');

    private RunCases() {
    }

    static void add(List<Case> cases) {
        cases.add(new Case("the losses of 200 batches", false, RunCases::losses));
        cases.add(new Case("a run saved, gone back over and stepped through", true, RunCases::steered));
    }

    private static String losses() {
        Trainer trainer = new Trainer(GraphJson.read(PERCEPTRON));
        double[] losses = new double[200];
        for (int i = 0; i < losses.length; i++) {
            trainer.next();
            losses[i] = trainer.loss();
        }
        return new Line().add(Tensor.of(losses)).toString();
    }

    /** Each place is held to itself: what is told is whether going back gives the very same numbers. */
    private static String steered() {
        Graph graph = GraphJson.read(PERCEPTRON);
        List<RunEvent> events = new ArrayList<>();
        RunSession session = new RunSession(RunJson.readRun(RunJson.write(new Run(graph))),
                event -> events.add(EventJson.read(EventJson.write(event))));
        byte[] first = at(session, events, 37);
        byte[] later = at(session, events, 90);
        Line line = new Line().add("" + Arrays.equals(first, at(session, events, 37)));
        line.add("" + Arrays.equals(later, at(session, events, 90)));
        Trainer other = new Trainer(graph);
        other.restore(Checkpoint.read(first));
        NextBatch next = NextBatch.of(graph, first);
        while (next.taken() < next.deeds().size()) {
            next.act();
        }
        other.next();
        Playback playback = next.playback();
        int end = playback.timeline().size();
        other.checkpoint().leaves().forEach((box, tensor) -> line.add("" + Arrays.equals(tensor.toDoubles(),
                playback.timeline().valueAt(new Port(box, 0), end).toDoubles())));
        while (other.batch() < 90) {
            other.next();
        }
        line.add("" + Arrays.equals(later, other.checkpoint().write()));
        return line.add("" + end).toString();
    }

    private static byte[] at(RunSession session, List<RunEvent> events, long batch) {
        session.send(RunJson.readCommand(RunJson.write(new RunCommand.Seek(batch))));
        boolean more = true;
        while (more) {
            more = session.work(20);
        }
        session.send(new RunCommand.Save());
        return ((RunEvent.Saved) events.getLast()).bytes();
    }
}
