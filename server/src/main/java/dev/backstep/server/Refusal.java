package dev.backstep.server;

/** Why the server does not start, in a sentence for whoever starts it; it names the remedy. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message);
    }
}
