package dev.backstep.web.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** PyTorch's ways of making regular tensors, for those who do not want to type the numbers. */
final class Shorthand {
    private Shorthand() {}

    /** The nested numbers of {@code name(arguments)}, or null where there is no such shorthand. */
    static Object make(String name, List<Object> arguments) throws ValueException {
        List<Double> numbers = flat(name, arguments);
        return switch (name) {
            case "zeros" -> filled(0.0, numbers);
            case "ones" -> filled(1.0, numbers);
            case "full" -> filled(last(name, numbers), numbers.subList(0, numbers.size() - 1));
            case "eye" -> eye(size(last(name, numbers)));
            case "arange" -> arange(name, numbers);
            case "linspace" -> linspace(name, numbers);
            default -> null;
        };
    }

    /** {@code (2, 3)} and {@code ((2, 3), 7)} alike: PyTorch takes a shape as a tuple or as plain arguments. */
    private static List<Double> flat(String name, List<Object> arguments) throws ValueException {
        List<Double> numbers = new ArrayList<>();
        for (Object argument : arguments) {
            switch (argument) {
                case Double number -> numbers.add(number);
                case List<?> list when list.stream().allMatch(Double.class::isInstance) ->
                    list.forEach(number -> numbers.add((Double) number));
                default -> throw new ValueException("value.error.arguments", name);
            }
        }
        return numbers;
    }

    private static Object filled(double value, List<Double> shape) throws ValueException {
        long count = 1;
        for (double extent : shape) {
            count *= size(extent);
            limit(count);
        }
        Object filled = value;
        for (double extent : shape.reversed()) {
            filled = Collections.nCopies((int) extent, filled);
        }
        return filled;
    }

    private static Object eye(int n) throws ValueException {
        limit((long) n * n);
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            List<Object> row = new ArrayList<>(Collections.nCopies(n, 0.0));
            row.set(i, 1.0);
            rows.add(row);
        }
        return rows;
    }

    private static Object arange(String name, List<Double> numbers) throws ValueException {
        if (numbers.isEmpty() || numbers.size() > 3) {
            throw new ValueException("value.error.arguments", name);
        }
        double start = numbers.size() == 1 ? 0 : numbers.get(0);
        double end = numbers.size() == 1 ? numbers.get(0) : numbers.get(1);
        double step = numbers.size() == 3 ? numbers.get(2) : 1;
        return steps(start, step, Math.ceil((end - start) / step));
    }

    private static Object linspace(String name, List<Double> numbers) throws ValueException {
        if (numbers.size() != 3) {
            throw new ValueException("value.error.arguments", name);
        }
        int count = size(numbers.get(2));
        return steps(numbers.get(0), (numbers.get(1) - numbers.get(0)) / Math.max(1, count - 1), count);
    }

    private static Object steps(double start, double step, double count) throws ValueException {
        int length = size(Math.max(0, count));
        limit(length);
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            list.add(start + i * step);
        }
        return list;
    }

    private static double last(String name, List<Double> numbers) throws ValueException {
        if (numbers.isEmpty()) {
            throw new ValueException("value.error.arguments", name);
        }
        return numbers.getLast();
    }

    private static int size(double extent) throws ValueException {
        if (extent < 0 || extent != Math.rint(extent) || extent > ValueText.MAX_ELEMENTS) {
            throw new ValueException("value.error.extent", NumberText.of(extent));
        }
        return (int) extent;
    }

    private static void limit(long count) throws ValueException {
        if (count > ValueText.MAX_ELEMENTS) {
            throw new ValueException("value.error.large", ValueText.MAX_ELEMENTS);
        }
    }
}
