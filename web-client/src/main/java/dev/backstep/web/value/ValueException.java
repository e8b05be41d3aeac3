package dev.backstep.web.value;

/** A typed text that is no tensor: the key of the message that says why, and its arguments. */
public final class ValueException extends Exception {
    private static final long serialVersionUID = 1;

    private final String key;
    private final transient Object[] arguments;

    ValueException(String key, Object... arguments) {
        super(key);
        this.key = key;
        this.arguments = arguments;
    }

    public String key() {
        return key;
    }

    public Object[] arguments() {
        return arguments.clone();
    }
}
