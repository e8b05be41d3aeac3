package dev.backstep.engine.oracle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the lines of a program with one of the two libraries.
 *
 * @param <T> the library's tensor
 */
abstract class FuzzMachine<T> {
    final Map<Integer, T> variables = new HashMap<>();

    /** Runs a line. @return the first line of the refusal, or null */
    String run(FuzzStatement line) {
        String refusal = Torch.refusal(() -> {
            boolean before = gradMode(line.mode() == null || line.mode());
            try {
                set(line.out(), execute(line));
            } finally {
                gradMode(before);
            }
        });
        return refusal == null ? null : refusal.lines().findFirst().orElse("");
    }

    /** Whether every variable that the line reads is there. */
    boolean canRun(FuzzStatement line) {
        return line.in().stream().allMatch(variables::containsKey);
    }

    private void set(List<Integer> names, List<T> results) {
        for (int i = 0; i < names.size() && i < results.size(); i++) {
            if (results.get(i) != null) {
                variables.put(names.get(i), results.get(i));
            }
        }
    }

    T variable(FuzzStatement line, int place) {
        return place < line.in().size() ? variables.get(line.in().get(place)) : null;
    }

    private List<T> execute(FuzzStatement line) {
        return switch (line.kind()) {
            case LEAF -> List.of(leaf(line));
            case OP -> op(line);
            case NUMBER -> List.of(number(line, variable(line, 0)));
            case IN_PLACE -> List.of(inPlace(line, variable(line, 0), variable(line, 1)));
            case METHOD -> java.util.Collections.singletonList(method(line, variable(line, 0)));
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

    /** Sets the grad mode. @return what it was */
    abstract boolean gradMode(boolean enabled);

    abstract T leaf(FuzzStatement line);

    abstract List<T> op(FuzzStatement line);

    abstract T number(FuzzStatement line, T self);

    abstract T inPlace(FuzzStatement line, T self, T other);

    abstract T method(FuzzStatement line, T self);

    abstract void backward(FuzzStatement line, T root, List<T> inputs);

    abstract List<T> grad(FuzzStatement line, T root, List<T> inputs);
}
