package dev.backstep.web.value;

import dev.backstep.engine.tensor.Tensor;

/** What a node shows of many numbers, read once and piece by piece: of a million that takes as long as a frame. */
public final class Skim {
    private static final int PIECE = 1 << 15;

    private final Tensor numbers;
    private final int count;
    private final int[] shape;
    private final int[] places;
    private final double[] shown;
    private int read;
    private int taken;
    private double limit;
    private double sum;
    private double squares;

    /** @param tensor of at least one number, outside the graph */
    public Skim(Tensor tensor) {
        numbers = tensor.reshape(-1);
        count = tensor.numel();
        shape = tensor.shape();
        places = HeatMap.places(shape);
        shown = new double[places.length];
    }

    /** Reads the next piece; false where it was the last. */
    public boolean proceed() {
        double[] piece = numbers.slice(0, read, Math.min(read + PIECE, count), 1).toDoubles();
        limit = Math.max(limit, HeatMap.limit(piece));
        for (double value : piece) {
            sum += value;
            squares += value * value;
        }
        for (; taken < places.length && places[taken] < read + piece.length; taken++) {
            shown[taken] = piece[places[taken] - read];
        }
        read += piece.length;
        return read < count;
    }

    /** The largest size of a finite number, once all is read; 0 where there is none. */
    public double limit() {
        return limit;
    }

    /** The mean, beside the picture: {@code x̄ 0.5}. */
    public String mean() {
        return "x̄ " + NumberText.brief(sum / count);
    }

    /** How large the numbers are, beside the picture: {@code ‖·‖ 3.7}. */
    public String norm() {
        return "‖·‖ " + NumberText.brief(Math.sqrt(squares));
    }

    /** What the picture shows. */
    public HeatMap.Sample sample() {
        return HeatMap.sample(shape, shown);
    }
}
