package dev.backstep.engine.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.SafeTensors;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.JsonFields;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.graph.SafeJson;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a training needs to go on from between two batches, to the bit. Its tensors belong to it alone.
 *
 * @param document the {@link Fingerprint} of the document that it is of
 * @param program the same of the loop
 * @param batch how many batches were taken in all, and {@code inEpoch} of the epoch that goes on
 * @param orderSeed what the order of the epoch's samples is made of; means nothing at an epoch's beginning
 * @param lossSum of the batches of the epoch
 * @param leaves by box: the parameters, and the leaves that ops write, such as running figures
 * @param grads the gradients of parameters that have one
 * @param optimizers the state of each by box
 */
public record Checkpoint(String document, String program, long batch, int epoch, int inEpoch, long orderSeed,
        double lossSum, Map<String, Tensor> leaves, Map<String, Tensor> grads,
        Map<String, Optimizer.State> optimizers, Generator generator) {
    private static final String FORMAT = "backstep run 1";
    private static final String LEAF = "leaf.";
    private static final String GRAD = "grad.";
    private static final String STATE = "optimizer.";
    private static final String GENERATOR = "generator";
    private static final List<String> FIELDS = List.of("document", "program", "batch", "epoch", "inEpoch", "orderSeed",
            "lossSum", "optimizers");

    /** About how much memory it takes. */
    long bytes() {
        long sum = 4_000;
        for (Map<String, Tensor> tensors : List.of(leaves, grads)) {
            for (Tensor tensor : tensors.values()) {
                sum += bytes(tensor);
            }
        }
        for (Optimizer.State state : optimizers.values()) {
            for (Map<String, Tensor> memory : state.state()) {
                for (Tensor tensor : memory.values()) {
                    sum += bytes(tensor);
                }
            }
        }
        return sum;
    }

    private static long bytes(Tensor tensor) {
        return 100 + (long) tensor.numel() * tensor.dtype().bytes();
    }

    /** As a safetensors file that {@link #read} takes. */
    public byte[] write() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        leaves.forEach((box, tensor) -> tensors.put(LEAF + box, tensor));
        grads.forEach((box, tensor) -> tensors.put(GRAD + box, tensor));
        JsonObject groups = new JsonObject();
        optimizers.forEach((box, state) -> {
            for (int i = 0; i < state.state().size(); i++) {
                String prefix = STATE + box + "." + i + ".";
                state.state().get(i).forEach((name, tensor) -> tensors.put(prefix + name, tensor));
            }
            JsonArray list = new JsonArray();
            state.groups().forEach(group -> list.add(json(group)));
            groups.put(box, list);
        });
        tensors.put(GENERATOR, generator.state());
        JsonObject run = new JsonObject();
        run.put("document", document);
        run.put("program", program);
        run.put("batch", batch);
        run.put("epoch", epoch);
        run.put("inEpoch", inEpoch);
        // As a text: JSON's readers may keep 53 bits of a number.
        run.put("orderSeed", Long.toString(orderSeed));
        run.put("lossSum", JsonFields.written(lossSum));
        run.put("optimizers", groups);
        return SafeTensors.write(tensors, Map.of("format", FORMAT, "run", JsonWriter.string(run)));
    }

    private static JsonObject json(Attrs attrs) {
        JsonObject json = new JsonObject();
        for (String name : attrs.names()) {
            json.put(name, Nested.toJson(attrs.get(name)));
        }
        return json;
    }

    /**
     * Reads what anybody may have written. Whether it fits a document, restoring it will tell.
     *
     * @throws Refusal where the bytes are no such file
     */
    public static Checkpoint read(byte[] bytes) {
        try {
            return read(header(bytes), SafeTensors.read(bytes));
        } catch (GraphException | IllegalArgumentException broken) {
            throw new Refusal(Code.BAD_CHECKPOINT, broken.getMessage());
        }
    }

    /**
     * How many batches were taken, told without reading the tensors.
     *
     * @throws Refusal as {@link #read} does, what is wrong with the tensors aside
     */
    public static long batch(byte[] bytes) {
        try {
            return whole(header(bytes), "batch");
        } catch (GraphException | IllegalArgumentException broken) {
            throw new Refusal(Code.BAD_CHECKPOINT, broken.getMessage());
        }
    }

    private static JsonFields header(byte[] bytes) {
        Map<String, String> metadata = SafeTensors.metadata(bytes);
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new Refusal(Code.BAD_CHECKPOINT, "its format is not \"" + FORMAT + "\"");
        }
        return JsonFields.of(SafeJson.parse(metadata.getOrDefault("run", "")), "run", FIELDS);
    }

    private static Checkpoint read(JsonFields run, Map<String, Tensor> tensors) {
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        Map<String, Tensor> grads = new LinkedHashMap<>();
        Map<String, Map<Integer, Map<String, Tensor>>> memories = new LinkedHashMap<>();
        Generator generator = new Generator();
        tensors.forEach((name, tensor) -> {
            if (name.equals(GENERATOR)) {
                generator.setState(tensor);
            } else if (name.startsWith(LEAF)) {
                leaves.put(name.substring(LEAF.length()), tensor);
            } else if (name.startsWith(GRAD)) {
                grads.put(name.substring(GRAD.length()), tensor);
            } else if (name.startsWith(STATE)) {
                int box = name.indexOf('.', STATE.length());
                int index = box < 0 ? -1 : name.indexOf('.', box + 1);
                if (index < 0) {
                    throw new IllegalArgumentException("'" + name + "' is no tensor of a run");
                }
                memories.computeIfAbsent(name.substring(STATE.length(), box), _ -> new LinkedHashMap<>())
                        .computeIfAbsent(Integer.valueOf(name.substring(box + 1, index)), _ -> new LinkedHashMap<>())
                        .put(name.substring(index + 1), tensor);
            } else {
                throw new IllegalArgumentException("'" + name + "' is no tensor of a run");
            }
        });
        if (!tensors.containsKey(GENERATOR)) {
            throw new IllegalArgumentException("the generator is missing");
        }
        Map<String, Optimizer.State> optimizers = new LinkedHashMap<>();
        JsonObject groups = run.object("optimizers");
        for (String box : groups.keySet()) {
            optimizers.put(box, new Optimizer.State(list(memories.getOrDefault(box, Map.of())),
                    groups(groups.get(box), run.path("optimizers"))));
        }
        return new Checkpoint(run.text("document"), run.text("program"), whole(run, "batch"),
                run.integer("epoch", 0, Integer.MAX_VALUE), run.integer("inEpoch", 0, Integer.MAX_VALUE),
                Long.parseLong(run.text("orderSeed")), run.number("lossSum"), leaves, grads, optimizers, generator);
    }

    private static long whole(JsonFields run, String name) {
        double number = run.number(name);
        if (!(number >= 0 && number <= 1L << 53 && number == Math.rint(number))) {
            throw new IllegalArgumentException(run.path(name) + " is no count");
        }
        return (long) number;
    }

    /** By number; what has none is empty. Numbers beyond those of the optimizer are found when it loads them. */
    private static List<Map<String, Tensor>> list(Map<Integer, Map<String, Tensor>> memories) {
        int size = 0;
        for (int index : memories.keySet()) {
            if (index < 0 || index > 100_000) {
                throw new IllegalArgumentException("no optimizer has a parameter " + index);
            }
            size = Math.max(size, index + 1);
        }
        List<Map<String, Tensor>> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(memories.getOrDefault(i, Map.of()));
        }
        return list;
    }

    private static List<Attrs> groups(Object json, String path) {
        if (!(json instanceof JsonArray array)) {
            throw new IllegalArgumentException(path + " must hold lists");
        }
        List<Attrs> groups = new ArrayList<>();
        for (Object entry : array) {
            if (!(entry instanceof JsonObject object)) {
                throw new IllegalArgumentException(path + " must hold lists of objects");
            }
            Attrs attrs = Attrs.NONE;
            for (Map.Entry<String, Object> field : object.entrySet()) {
                attrs = attrs.with(field.getKey(), field.getValue());
            }
            groups.add(attrs);
        }
        return groups;
    }
}
