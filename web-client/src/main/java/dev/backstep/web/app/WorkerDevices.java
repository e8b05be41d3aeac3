package dev.backstep.web.app;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.SelfTest;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Entry;
import dev.backstep.web.device.Notebook;
import dev.backstep.web.device.Opener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The devices of a worker: those that its page found ready, without what failed there, opened once more. */
final class WorkerDevices {
    private static String opened = "";
    private static List<Device> devices = List.of(new CpuDevice());

    private WorkerDevices() {
    }

    /** What a page tells its worker. */
    static String told(Devices of, Notebook kept) {
        JsonArray list = new JsonArray();
        for (Entry entry : of.entries()) {
            if (entry.device() != null) {
                JsonObject one = new JsonObject();
                one.put("name", entry.name());
                one.put("failed", new JsonArray(new ArrayList<>(new TreeSet<>(entry.failed()))));
                one.put("tuning", DeviceOpeners.tuning(kept, entry.adapter()));
                list.add(one);
            }
        }
        return JsonWriter.string(list);
    }

    /** Opens what a page told of and gives all that is there, the plain CPU first; the same text, the same devices. */
    static void open(String told, Consumer<List<Device>> then) {
        if (told.equals(opened)) {
            then.accept(devices);
            return;
        }
        opened = told;
        devices = new ArrayList<>(List.of(new CpuDevice()));
        JsonArray list;
        try {
            list = JsonParser.array().from(told);
        } catch (JsonParserException broken) {
            list = new JsonArray();
        }
        open(list, 0, then);
    }

    private static void open(JsonArray list, int at, Consumer<List<Device>> then) {
        if (at == list.size()) {
            then.accept(devices);
            return;
        }
        JsonObject one = list.getObject(at);
        Set<String> failed = new TreeSet<>();
        one.getArray("failed").forEach(name -> failed.add((String) name));
        DeviceOpeners.open(one.getString("name"), one.getString("tuning"), new Opener.Answer() {
            @Override
            public void found(Device device, String detail) {
                devices.add(SelfTest.without(device, failed));
                open(list, at + 1, then);
            }

            @Override
            public void missing(String reason, String detail) {
                open(list, at + 1, then);
            }

            @Override
            public void lost(String detail) {
                // The run finds out, and goes on elsewhere.
            }
        });
    }
}
