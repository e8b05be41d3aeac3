package dev.backstep.engine.graph;

import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What boxes are called: labels that users type, the names of tensors made from them, and which are taken. */
final class Labels {
    static final int MAX_LENGTH = 80;

    /** What unnamed leaves of one tensor are called, one after another. */
    private static final List<String> LEAVES = List.of("x", "y", "z", "w", "b", "u", "v", "a", "c", "d");

    private final Set<String> taken = new HashSet<>();
    /** The number given last behind a label, so that a thousand equal wishes are not a million questions. */
    private final Map<String, Integer> lastNumber = new HashMap<>();

    /** Whether a text may be a label: visible, not too long. What looks like HTML is a text as any other. */
    static boolean isLabel(String text) {
        if (text.isBlank() || text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (c < ' ' || c >= 0x7f && c < 0xa0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The names of a box's outputs: the label, with a dot and the output's name where there are several.
     * What has no output has its label for a name all the same, by which calls speak of it.
     */
    static List<String> names(String label, NodeType type) {
        List<String> outputs = type.outputs();
        if (outputs.size() <= 1) {
            return List.of(label);
        }
        List<String> names = new ArrayList<>();
        for (String output : outputs) {
            names.add(label + "." + output);
        }
        return names;
    }

    /** Takes the names of a box that has its label already. */
    void add(GraphNode node) {
        taken.addAll(names(node.label(), NodeTypes.of(node)));
    }

    /** Gives the names of a box back. */
    void remove(GraphNode node) {
        taken.removeAll(names(node.label(), NodeTypes.of(node)));
    }

    /**
     * Takes a label whose names are free: the wish, or the wish with a number behind it.
     *
     * @param wish what the box should be called, or null for what such boxes are called
     */
    String take(String wish, NodeType type) {
        String label = free(wish, type);
        taken.addAll(names(label, type));
        return label;
    }

    private String free(String wish, NodeType type) {
        boolean lettered = type.isLeaf() && type.outputs().size() == 1;
        if (wish == null && lettered) {
            for (String letter : LEAVES) {
                if (isFree(letter, type)) {
                    return letter;
                }
            }
        }
        String base = wish != null ? wish : lettered ? LEAVES.getFirst() : type.type();
        if (isFree(base, type)) {
            return base;
        }
        String label;
        int number = lastNumber.getOrDefault(base, 1);
        do {
            number++;
            String suffix = Integer.toString(number);
            label = shortened(base, MAX_LENGTH - suffix.length()) + suffix;
        } while (!isFree(label, type));
        lastNumber.put(base, number);
        return label;
    }

    private boolean isFree(String label, NodeType type) {
        for (String name : names(label, type)) {
            if (taken.contains(name)) {
                return false;
            }
        }
        return true;
    }

    private static String shortened(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }
}
