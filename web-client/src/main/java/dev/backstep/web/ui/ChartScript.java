package dev.backstep.web.ui;

import dev.backstep.web.jso.Assets;
import dev.backstep.web.jso.Charts;

/** The script that draws line charts, which comes when the first one is wanted. */
public final class ChartScript {
    private static boolean styled;

    private ChartScript() {}

    /** Waits until it is here; true where it could be had, and a notice says why where not. */
    public static boolean load() {
        try {
            if (!styled) {
                styled = true;
                Charts.style(Assets.url("css/charts.css"));
            }
            // What was loaded once is not run again.
            Charts.load(Assets.url("js/charts.js")).await();
            return true;
        } catch (Throwable unreachable) {
            Notices.error(Text.of("error.offline"));
            return false;
        }
    }
}
