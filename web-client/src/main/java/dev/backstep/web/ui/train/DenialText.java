package dev.backstep.web.ui.train;

import dev.backstep.web.train.Denial;
import dev.backstep.web.ui.Text;

/** What a server answered instead of doing what was asked, and what can be done, in words. */
final class DenialText {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private DenialText() {}

    /** @param open whether there is a run that goes on in spite of it */
    static String of(Denial denial, boolean open) {
        if (denial.status() == Denial.UNREACHED) {
            return Text.of(open ? "train.denied.unheard" : "train.denied.unreached");
        }
        return Text.of("train.denied", denial.status(), denial.detail()) + ' '
                + (open ? Text.of("train.denied.goesOn") : remedy(denial.status()));
    }

    private static String remedy(int status) {
        return switch (status) {
            case UNAUTHORIZED, FORBIDDEN -> Text.of("train.denied.notYours");
            case NOT_FOUND -> Text.of("train.denied.unknown");
            case TOO_LARGE -> Text.of("train.denied.tooLarge");
            case TOO_MANY -> Text.of("train.denied.tooMany");
            case UNAVAILABLE -> Text.of("train.denied.busy");
            default -> Text.of("train.denied.other");
        };
    }
}
