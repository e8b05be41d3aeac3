package dev.backstep.web.train;

/** The tokens of the runs that this browser has asked servers for, by which it may pause and stop them. */
final class OwnRuns {
    private final Remembered tokens = new Remembered("backstep.serverRuns");

    void add(String id, String token) {
        tokens.put(id, token);
    }

    /** The token of a run; null where somebody else has it. */
    String token(String id) {
        return tokens.get(id);
    }
}
