package dev.backstep.engine.formula;

import java.util.List;

/** A formula that cannot be read: what is wrong as a code with arguments, which message files may say. */
public final class FormulaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What can be wrong with a formula. */
    public enum Code {
        /** Something else than {1} stands at character {0}: {2}. */
        SYNTAX,
        /** {0} is none of the names there are: {1}. */
        NAME,
        /** {0} is no name that a formula could speak of. */
        NOT_A_NAME,
        /** There is no function {0}. */
        FUNCTION,
        /** {0} cannot be called so; it takes {1}. */
        ARGUMENTS,
        /** The formula has more than {0} characters or is nested too deeply. */
        TOO_LONG
    }

    private final Code code;
    private final transient List<String> arguments;

    public FormulaException(Code code, Object... arguments) {
        super(code + " " + List.of(arguments));
        this.code = code;
        this.arguments = java.util.Arrays.stream(arguments).map(String::valueOf).toList();
    }

    public Code code() {
        return code;
    }

    public List<String> arguments() {
        return arguments;
    }
}
