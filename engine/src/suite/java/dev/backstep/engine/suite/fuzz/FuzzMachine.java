package dev.backstep.engine.suite.fuzz;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs the lines of a program with one of the two libraries.
 *
 * @param <T> the library's tensor
 */
public abstract class FuzzMachine<T> {
    public final Map<Integer, T> variables = new HashMap<>();

    /** Runs a line. @return the first line of the refusal, or null */
    public String run(FuzzStatement line) {
        String refusal = refusal(() -> {
            boolean before = gradMode(line.mode() == null || line.mode());
            try {
                set(line.out(), execute(line));
            } finally {
                gradMode(before);
            }
        });
        return refusal == null ? null : firstLine(refusal);
    }

    /** What was asked, or the refusal: a view that may not be written any more refuses to tell its node. */
    public String told(Supplier<String> question) {
        String[] answer = new String[1];
        String refusal = refusal(() -> answer[0] = question.get());
        return refusal == null ? answer[0] : "refused: " + firstLine(refusal);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** Whether every variable that the line reads is there. */
    public boolean canRun(FuzzStatement line) {
        return line.in().stream().allMatch(variables::containsKey);
    }

    private void set(List<Integer> names, List<T> results) {
        for (int i = 0; i < names.size() && i < results.size(); i++) {
            if (results.get(i) != null) {
                variables.put(names.get(i), results.get(i));
            }
        }
    }

    protected T variable(FuzzStatement line, int place) {
        return place < line.in().size() ? variables.get(line.in().get(place)) : null;
    }

    private List<T> execute(FuzzStatement line) {
        return switch (line.kind()) {
            case LEAF -> List.of(leaf(line));
            case OP -> op(line);
            case NUMBER -> List.of(number(line, variable(line, 0)));
            case IN_PLACE -> List.of(inPlace(line, variable(line, 0), variable(line, 1)));
            case METHOD -> Collections.singletonList(method(line, variable(line, 0)));
            case BACKWARD -> {
                backward(line, variable(line, 0), inputs(line));
                yield List.of();
            }
            case GRAD -> grad(line, variable(line, 0), inputs(line));
        };
    }

    private List<T> inputs(FuzzStatement line) {
        return line.in().stream().skip(1).map(variables::get).toList();
    }

    /** What the library says when it refuses the call, in the words that Python shows; null where it does not. */
    protected abstract String refusal(Runnable call);

    /** Sets the grad mode. @return what it was */
    protected abstract boolean gradMode(boolean enabled);

    protected abstract T leaf(FuzzStatement line);

    protected abstract List<T> op(FuzzStatement line);

    protected abstract T number(FuzzStatement line, T self);

    protected abstract T inPlace(FuzzStatement line, T self, T other);

    protected abstract T method(FuzzStatement line, T self);

    protected abstract void backward(FuzzStatement line, T root, List<T> inputs);

    protected abstract List<T> grad(FuzzStatement line, T root, List<T> inputs);
}
