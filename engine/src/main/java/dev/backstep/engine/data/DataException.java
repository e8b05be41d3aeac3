package dev.backstep.engine.data;

import java.util.Arrays;
import java.util.List;

/** Data that cannot be had as asked: what is wrong as a code with arguments, which message files may say. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What can be wrong. */
    public enum Code {
        /** The setting {0} must be {1}, but is {2}. */
        SETTING,
        /** The table {0} is not here yet. */
        NOT_LOADED,
        /** There is no table: nobody gave one. */
        NO_TABLE,
        /** The table has {0} {1}, and the limit is {2}. */
        TOO_LARGE,
        /** There is no column {0}; the columns are {1}. */
        NO_COLUMN,
        /** The column {0} holds texts that are neither numbers nor few enough to be categories. */
        NOT_NUMBERS,
        /** The column {0} has {1} different values, and at most {2} can be classes. */
        TOO_MANY_CLASSES,
        /** The column {0} holds no numbers, so that no value can be predicted. */
        NO_VALUES,
        /** No column is left to learn from beside the target {0}. */
        NO_FEATURES,
        /** Each row lacks something or has a mistake in the chosen columns. */
        NO_ROWS
    }

    private final Code code;
    private final transient List<String> arguments;

    public DataException(Code code, Object... arguments) {
        super(code + " " + Arrays.asList(arguments));
        this.code = code;
        this.arguments = Arrays.stream(arguments).map(String::valueOf).toList();
    }

    public Code code() {
        return code;
    }

    public List<String> arguments() {
        return arguments;
    }
}
