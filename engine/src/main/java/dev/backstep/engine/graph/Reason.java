package dev.backstep.engine.graph;

import java.util.List;

/**
 * Why something was refused, as data: a code with its arguments, which message files may say in any language.
 *
 * @param arguments what the code's text speaks of, in the order of its {@code {0}}, {@code {1}} ...
 * @param torch what PyTorch says of it, word for word, or null where PyTorch never hears of it
 */
public record Reason(Code code, List<String> arguments, String torch) {
    /** Every refusal there is, with its English text. */
    public enum Code {
        // of a document as a file
        NOT_JSON("line {0}, character {1}: this is not JSON ({2})"),
        TOO_LONG("{0} characters, and the limit is {1}: leave out typed-in data"),
        TABLE_TOO_LONG("a table of {0} characters, and the limit is {1}: leave out rows or columns"),
        TOO_DEEP("nested more than {0} levels deep: flatten it"),
        TOO_MANY("more than {0} {1}: split the document"),
        LONG_NUMBER("character {0}: a number of more than {1} digits; shorten it"),
        MISSING("missing: write {0} here"),
        WRONG_KIND("must be {0}"),
        UNKNOWN_FIELD("not a field that stands here: remove it, or correct its spelling ({0})"),
        NEWER_FORMAT("{0} is from a newer Backstep; this one reads up to {1}: reload the page or update Backstep"),
        UNKNOWN_FORMAT("no Backstep ever wrote {0}: this one writes {1}"),
        OUT_OF_RANGE("out of range: use {0}"),
        RAGGED("holds lists of different lengths, {0} and {1}: rows of a tensor are equally long"),
        // of a document's parts among each other
        BAD_ID("\"{0}\" is no id: use up to 32 letters, digits, '-' and '_'"),
        BAD_LABEL("no label: use 1 to {0} visible characters"),
        DUPLICATE_ID("\"{0}\" is the id of two nodes: give one of them another"),
        DUPLICATE_LABEL("\"{0}\" is the name of two tensors: give one of them another"),
        UNKNOWN_TYPE("\"{0}\" is no node type that this Backstep has: correct it, or update Backstep"),
        UNKNOWN_NODE("\"{0}\" is the id of no node: add the node, or remove this"),
        UNKNOWN_NAME("\"{0}\" is the name of no tensor here: correct it"),
        NO_SUCH_OUTPUT("{0} has no output {1}: it has {2}"),
        NO_SUCH_INPUT("{0} has no input {1}: it has {2}"),
        INPUT_TAKEN("input {1} of {0} has a wire already, and takes one: remove one of the two"),
        CYCLE("the wires run in a circle: {0}"),
        IN_TWO_FRAMES("{0} is a member of two frames: take it out of one"),
        FRAME_IN_FRAME("{0} is a frame: a frame holds other boxes only"),
        // of a box, without or with running it
        INPUT_MISSING("{0}: nothing is connected to {1}"),
        UPSTREAM("{0} waits for {1}, which could not be computed"),
        ATTRIBUTE("{0}: {1}"),
        BROADCAST("{0}: shapes {1} and {2} do not broadcast"),
        INNER_SIZES("{0}: {1} columns meet {2} rows"),
        DATA_SETTING("{0}: {1} must be {2}, but is {3}"),
        DATA_NOT_LOADED("{0}: the table \"{1}\" is not here yet"),
        DATA_NO_TABLE("{0}: there is no table yet: paste one as CSV, or drop a file here"),
        DATA_TOO_LARGE("{0}: the table has {1} {2}, and the limit is {3}: leave some out"),
        DATA_NO_COLUMN("{0}: there is no column \"{1}\"; the columns are {2}"),
        DATA_NOT_NUMBERS("{0}: column \"{1}\" holds neither numbers nor a few categories: choose another"),
        DATA_TOO_MANY_CLASSES("{0}: column \"{1}\" has {2} different values, and at most {3} can be classes: "
                + "choose another target, or predict values"),
        DATA_NO_VALUES("{0}: column \"{1}\" holds no numbers: predict classes, or choose another target"),
        DATA_NO_FEATURES("{0}: no column is left to learn from beside \"{1}\": choose features"),
        DATA_NO_ROWS("{0}: each row lacks something in the chosen columns: choose others, or mend the table"),
        LAYER_SYNTAX("character {0}: {1} belongs here, not {2}"),
        LAYER_UNKNOWN("there is no layer {0} here; there are {1}"),
        LAYER_ARGUMENTS("{0} takes {1}"),
        LAYER_SIZE("{0} must be a whole number of at least {1}"),
        FORMULA_SYNTAX("{0}: character {1} of a formula: {3} is there, where {2} could stand"),
        FORMULA_NAME("{0}: {1} is no name here; the names are {2}"),
        FORMULA_NOT_A_NAME("{0}: {1} is no name: use letters, digits and _"),
        FORMULA_FUNCTION("{0}: there is no function {1} with one result here"),
        FORMULA_ARGUMENTS("{0}: {1} cannot be called so; it takes {2}"),
        FORMULA_TOO_LONG("{0}: a formula of over {1} characters, or nested too deeply: use several boxes"),
        TOO_LARGE("{0}: {1} elements, and the limit here is {2}"),
        TORCH("{0}: {1}"),
        // of a run
        NO_OPTIMIZER("there is no optimizer to step: add one, or name it"),
        NO_PARAMETERS("there is nothing to learn: give a tensor requires_grad"),
        NO_SCALAR("{0} has {1} elements, and a loss has one: reduce it, by mean for example"),
        OTHER_DOCUMENT("the saved run belongs to another document: start a new run, or open that document"),
        OTHER_BATCHES("an epoch has {1} batches now, and the run had {0}: start a new run"),
        BAD_CHECKPOINT("the saved run cannot be read: {0}; start a new one"),
        NO_TARGET("there is no tensor to start backward from: choose a target"),
        // of a link
        NOT_A_LINK("this is no link to a document: it begins with {0}"),
        CUT_LINK("the link was cut on its way: copy it as a whole, to its last character"),
        ALTERED_LINK("the link was altered on its way: ask for it again"),
        NEWER_LINK("the link is of version {0}, from a newer Backstep; this one reads up to {1}: reload the page"),
        TOO_LARGE_LINK("the link holds {0} bytes, and the limit is {1}: ask for a file");

        private final String english;

        Code(String english) {
            this.english = english;
        }

        /** How many arguments its text speaks of. */
        public int arguments() {
            int most = 0;
            for (int i = 0; i + 1 < english.length(); i++) {
                most = english.charAt(i) == '{' ? Math.max(most, english.charAt(i + 1) - '0' + 1) : most;
            }
            return most;
        }
    }

    public Reason {
        arguments = List.copyOf(arguments);
    }

    /** A reason of Backstep's own. */
    public static Reason of(Code code, Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = String.valueOf(arguments[i]);
        }
        return new Reason(code, List.of(texts), null);
    }

    /** The English text. */
    public String text() {
        String template = code.english;
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '{') {
                out.append(arguments.get(template.charAt(i + 1) - '0'));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
