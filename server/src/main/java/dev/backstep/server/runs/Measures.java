package dev.backstep.server.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backstep.engine.train.RunEvent;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How a run does, as of the last epoch that was measured; null where there is no such number.
 *
 * @param bestLoss the least loss so far, of the held-out samples where there are any, else of those learned from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Measures(Double trainLoss, Double testLoss, Double testAccuracy, Double bestLoss) {
    static final Measures NONE = new Measures(null, null, null, null);

    static Measures of(ResultSet row) throws SQLException {
        return new Measures(number(row, "train_loss"), number(row, "test_loss"), number(row, "test_accuracy"),
                number(row, "best_loss"));
    }

    private static Double number(ResultSet row, String column) throws SQLException {
        return row.getObject(column) == null ? null : (Double) row.getDouble(column);
    }

    /** These after another epoch. */
    Measures after(RunEvent.EpochEnd epoch) {
        Double train = finite(epoch.trainLoss());
        Double test = finite(epoch.testLoss());
        Double judged = test == null ? train : test;
        Double best = judged == null ? bestLoss : bestLoss == null ? judged : (Double) Math.min(bestLoss, judged);
        return new Measures(train, test, finite(epoch.testAccuracy()), best);
    }

    private static Double finite(double number) {
        return Double.isFinite(number) ? (Double) number : null;
    }
}
