package dev.backstep.server.runs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.RunEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run has told, as curves: loss and norm of the gradients of each batch, the measures of each epoch that was
 * measured. Read from the database piece by piece, so that a long run takes no memory.
 */
final class Curves {
    private static final int MOST = 200;
    private static final List<String> NAMES = List.of("trainLoss", "testLoss", "trainAccuracy", "testAccuracy", "lr");
    private static final JsonFactory JSON = new JsonFactory();

    private final RunStore store;
    private final String id;

    Curves(RunStore store, String id) {
        this.store = store;
        this.id = id;
    }

    private interface Each<T> {
        void take(T event) throws IOException;
    }

    /** Gives all events of a kind, in order. */
    private <T extends RunEvent> void each(String kind, Class<T> type, Each<T> each) throws IOException {
        long last = 0;
        for (List<RunStore.Event> events = store.events(id, kind, last, MOST); !events.isEmpty();
                events = store.events(id, kind, last, MOST)) {
            for (RunStore.Event event : events) {
                each.take(type.cast(EventJson.read(event.text())));
                last = event.seq();
            }
        }
    }

    /**
     * {@code {"run", "batches": [[loss, norm] ...], "epochs": [{...}]}}; what is no finite number is null.
     *
     * @param batches whether those are told, of which there are many more
     */
    void json(OutputStream to, boolean batches) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(to)) {
            json.writeStartObject();
            json.writeStringField("run", id);
            json.writeArrayFieldStart("batches");
            if (batches) {
                each("losses", RunEvent.Losses.class, losses -> batches(json, losses));
            }
            json.writeEndArray();
            json.writeArrayFieldStart("epochs");
            each("epoch_end", RunEvent.EpochEnd.class, epoch -> {
                json.writeStartObject();
                json.writeNumberField("epoch", epoch.epoch());
                json.writeNumberField("batch", epoch.batch());
                double[] measures = measures(epoch);
                for (int i = 0; i < measures.length; i++) {
                    json.writeFieldName(NAMES.get(i));
                    number(json, measures[i]);
                }
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void batches(JsonGenerator json, RunEvent.Losses losses) throws IOException {
        for (int i = 0; i < losses.losses().length; i++) {
            json.writeStartArray();
            number(json, losses.losses()[i]);
            number(json, losses.norms()[i]);
            json.writeEndArray();
        }
    }

    private static double[] measures(RunEvent.EpochEnd epoch) {
        return new double[] {epoch.trainLoss(), epoch.testLoss(), epoch.trainAccuracy(), epoch.testAccuracy(),
            epoch.lr()};
    }

    private static void number(JsonGenerator json, double number) throws IOException {
        if (Double.isFinite(number)) {
            json.writeNumber(number);
        } else {
            json.writeNull();
        }
    }

    /** A line for each batch; the measures stand at the batch that ends their epoch. What is no number is empty. */
    void csv(OutputStream to) throws IOException {
        Map<Long, RunEvent.EpochEnd> epochs = new HashMap<>();
        each("epoch_end", RunEvent.EpochEnd.class, epoch -> epochs.put(epoch.batch(), epoch));
        try (Writer csv = new OutputStreamWriter(to, StandardCharsets.UTF_8)) {
            csv.write("batch,loss,norm,epoch," + String.join(",", NAMES) + "\n");
            each("losses", RunEvent.Losses.class, losses -> {
                for (int i = 0; i < losses.losses().length; i++) {
                    long batch = losses.first() + i;
                    csv.write(batch + "," + text(losses.losses()[i]) + "," + text(losses.norms()[i]) + ",");
                    RunEvent.EpochEnd epoch = epochs.get(batch);
                    csv.write(epoch == null ? "" : "" + epoch.epoch());
                    for (int m = 0; m < NAMES.size(); m++) {
                        csv.write("," + (epoch == null ? "" : text(measures(epoch)[m])));
                    }
                    csv.write("\n");
                }
            });
        }
    }

    private static String text(double number) {
        return Double.isFinite(number) ? Double.toString(number) : "";
    }
}
