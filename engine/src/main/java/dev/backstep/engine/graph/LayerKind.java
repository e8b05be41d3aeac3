package dev.backstep.engine.graph;

import java.util.List;

/** The layers that are offered, each with what has to be said of it. */
public enum LayerKind {
    LINEAR("Linear", of("in_features", "2"), of("out_features", "8")),
    MLP("MLP", new Setting("widths", "2, 8, 8, 1", List.of()), new Setting("activation", "tanh",
            LayerParts.ACTIVATIONS)),
    SEQUENTIAL("Sequential", new Setting("layers", "Linear(2, 8), ReLU(), Linear(8, 1)", List.of())),
    CONV2D("Conv2d", of("in_channels", "1"), of("out_channels", "8"), of("kernel_size", "3"),
            of("stride", "1"), of("padding", "1")),
    BATCH_NORM_1D("BatchNorm1d", of("num_features", "8")),
    DROPOUT("Dropout", of("p", "0.5")),
    EMBEDDING("Embedding", of("num_embeddings", "10"), of("embedding_dim", "4"));

    /**
     * Something to be said of a layer.
     *
     * @param fallback what stands there first, as it is written
     * @param choices the texts it may be, or empty for any
     */
    public record Setting(String name, String fallback, List<String> choices) {}

    private final String torch;
    private final List<Setting> settings;

    LayerKind(String torch, Setting... settings) {
        this.torch = torch;
        this.settings = List.of(settings);
    }

    private static Setting of(String name, String fallback) {
        return new Setting(name, fallback, List.of());
    }

    /** The class's name, such as {@code Linear}. */
    public String torch() {
        return torch;
    }

    public List<Setting> settings() {
        return settings;
    }

    /** The layer as it is written, with what is said of it in the order of {@link #settings}. */
    public String text(List<String> values) {
        return torch + "(" + String.join(", ", values.stream().map(String::strip).toList()) + ")";
    }
}
