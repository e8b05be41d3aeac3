package dev.backstep.web.app;

import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunJson;
import dev.backstep.engine.train.RunSession;
import dev.backstep.web.jso.Messages;
import dev.backstep.web.jso.WorkerScope;
import dev.backstep.web.train.WorkerRun;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.typedarrays.Int8Array;

/**
 * The program in a worker: it is told a run and commands, and tells what happens. It works in slices, between which it
 * hears what has come meanwhile.
 */
final class RunWorker {
    private static final int SLICE_MS = 16;

    private static RunSession session;
    private static Messages.Turn turn;
    private static boolean going;
    private static List<Device> devices = List.of(new CpuDevice());
    /** Whether devices are being opened; what is heard until they are. */
    private static boolean opening;
    private static final List<String> meanwhile = new ArrayList<>();

    private RunWorker() {}

    static void listen() {
        turn = Messages.turns(RunWorker::work);
        WorkerScope.listen(RunWorker::hear);
        WorkerScope.post("");
    }

    private static void hear(String text) {
        if (text.charAt(0) == WorkerRun.DEVICES) {
            opening = true;
            WorkerDevices.open(text.substring(1), found -> {
                devices = found;
                opening = false;
                List<String> heard = List.copyOf(meanwhile);
                meanwhile.clear();
                heard.forEach(RunWorker::hear);
            });
            return;
        }
        if (opening) {
            meanwhile.add(text);
            return;
        }
        if (text.charAt(0) == WorkerRun.RUN) {
            WorkerScope.post("");
            session = new RunSession(RunJson.readRun(text.substring(1)), RunWorker::tell, System::nanoTime, devices);
        } else {
            session.send(RunJson.readCommand(text.substring(1)));
        }
        if (!going) {
            going = true;
            turn.run();
        }
    }

    private static void tell(RunEvent event) {
        if (event instanceof RunEvent.Saved saved) {
            WorkerScope.post(saved.batch(), Int8Array.copyFromJavaArray(saved.bytes()));
        } else {
            WorkerScope.post(EventJson.write(event));
        }
    }

    private static void work() {
        going = session.work(SLICE_MS);
        if (going) {
            turn.run();
        }
    }
}
