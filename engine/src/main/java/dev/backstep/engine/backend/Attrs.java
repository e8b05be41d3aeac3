package dev.backstep.engine.backend;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The attributes of one call of an op: an immutable map from a name to a Double, Long, Boolean, String, or a List of
 * these, nested where the attribute is nested. None is an absent name. What is in here can be written as JSON.
 */
public final class Attrs {
    public static final Attrs NONE = new Attrs(Map.of());

    private final Map<String, Object> values;

    private Attrs(Map<String, Object> values) {
        this.values = values;
    }

    /** Attributes from name, value, name, value ...; an int becomes a Long, an int[] a List of Longs. */
    public static Attrs of(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                map.put((String) namesAndValues[i], normal(namesAndValues[i + 1]));
            }
        }
        return new Attrs(map);
    }

    /** Attributes from a map whose values are of the kinds this class names. */
    public static Attrs of(Map<String, Object> map) {
        return map.isEmpty() ? NONE : new Attrs(new LinkedHashMap<>(map));
    }

    private static Object normal(Object value) {
        return switch (value) {
            case Integer i -> (Object) Long.valueOf(i);
            case Float f -> Double.valueOf(f);
            case int[] ints -> Arrays.stream(ints).mapToObj(i -> (Object) Long.valueOf(i)).toList();
            case DType type -> type.shortName();
            default -> value;
        };
    }

    public Attrs with(String name, Object value) {
        Map<String, Object> map = new LinkedHashMap<>(values);
        map.put(name, normal(value));
        return new Attrs(map);
    }

    public Attrs without(String name) {
        Map<String, Object> map = new LinkedHashMap<>(values);
        map.remove(name);
        return of(map);
    }

    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value, or null where the name is absent. */
    public Object get(String name) {
        return values.get(name);
    }

    /** A number, whether it was written as an integer or not. */
    public double number(String name) {
        return ((Number) need(name)).doubleValue();
    }

    public double number(String name, double fallback) {
        return has(name) ? number(name) : fallback;
    }

    public long integer(String name) {
        return ((Number) need(name)).longValue();
    }

    public boolean flag(String name) {
        return values.get(name) instanceof Boolean flag && flag;
    }

    public String text(String name) {
        return (String) need(name);
    }

    public DType dtype(String name) {
        return DType.of(text(name));
    }

    /** A list of integers; a single integer counts as a list of one. */
    public int[] ints(String name) {
        return switch (need(name)) {
            case Number one -> new int[] {one.intValue()};
            case List<?> list -> {
                int[] ints = new int[list.size()];
                for (int i = 0; i < ints.length; i++) {
                    ints[i] = ((Number) list.get(i)).intValue();
                }
                yield ints;
            }
            default -> throw new IllegalArgumentException("attribute '" + name + "' is no list of integers");
        };
    }

    /** A list of texts. */
    public List<String> texts(String name) {
        return values.get(name) instanceof List<?> list ? list.stream().map(String.class::cast).toList() : List.of();
    }

    private Object need(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("attribute '" + name + "' is missing");
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Attrs attrs && values.equals(attrs.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
