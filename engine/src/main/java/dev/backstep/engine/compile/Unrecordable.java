package dev.backstep.engine.compile;

/** Why a step cannot be replayed, in words. */
public final class Unrecordable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unrecordable(String why) {
        super(why, null, false, false);
    }
}
