package dev.backstep.web.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.SafeJson;

/**
 * The losses of a run at the ends of epochs that were measured, which need not be all; NaN where there is none.
 *
 * @param epochs their numbers, from 1, rising
 * @param train of the samples learned from
 * @param test of those held out
 */
public record SweepCurve(int[] epochs, double[] train, double[] test) {
    private static final int LONGEST = 20_000_000;

    /**
     * Of what a server tells of a run's curves.
     *
     * @throws dev.backstep.engine.graph.GraphException where it is no JSON
     */
    static SweepCurve read(String text) {
        JsonArray measured = SafeJson.parse(text, LONGEST).getArray("epochs", new JsonArray());
        int[] epochs = new int[measured.size()];
        double[] train = new double[epochs.length];
        double[] test = new double[epochs.length];
        for (int i = 0; i < train.length; i++) {
            JsonObject epoch = measured.getObject(i);
            epochs[i] = epoch.getInt("epoch", i + 1);
            train[i] = epoch.getDouble("trainLoss", Double.NaN);
            test[i] = epoch.getDouble("testLoss", Double.NaN);
        }
        return new SweepCurve(epochs, train, test);
    }

    /** Whether losses of samples held out were measured. */
    public boolean hasTest() {
        for (double loss : test) {
            if (!Double.isNaN(loss)) {
                return true;
            }
        }
        return false;
    }
}
