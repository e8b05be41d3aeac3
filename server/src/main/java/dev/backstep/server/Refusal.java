package dev.backstep.server;

/** Why the server does not start, in a sentence for whoever starts it; it names the remedy. */
final class Refusal extends RuntimeException {
    /** How the program ends then: a matter of configuration, as {@code sysexits.h} counts. */
    static final int EXIT_STATUS = 78;

    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message);
    }
}
