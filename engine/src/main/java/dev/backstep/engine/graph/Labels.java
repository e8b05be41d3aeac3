package dev.backstep.engine.graph;

import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What boxes are called: labels that users type, and the names of tensors made from them. */
final class Labels {
    static final int MAX_LENGTH = 80;

    /** What unnamed leaves are called, one after another. */
    private static final List<String> LEAVES = List.of("x", "y", "z", "w", "b", "u", "v", "a", "c", "d");

    private Labels() {}

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

    /** The names of a box's outputs: the label, with a dot and the output's name where there are several. */
    static List<String> names(String label, String type) {
        List<String> outputs = NodeTypes.find(type).outputs();
        if (outputs.size() == 1) {
            return List.of(label);
        }
        List<String> names = new ArrayList<>();
        for (String output : outputs) {
            names.add(label + "." + output);
        }
        return names;
    }

    /**
     * A label whose names are free: the wish, or the wish with a number behind it.
     *
     * @param wish what it should be called, or null for what such boxes are called
     * @param taken the names given already
     */
    static String unique(String wish, NodeType type, Set<String> taken) {
        if (wish == null && type == Leaf.TYPE) {
            for (String letter : LEAVES) {
                if (isFree(letter, type, taken)) {
                    return letter;
                }
            }
        }
        String base = wish != null ? wish : type == Leaf.TYPE ? LEAVES.getFirst() : type.type();
        String label = base;
        for (int i = 2; !isFree(label, type, taken); i++) {
            String suffix = Integer.toString(i);
            label = shortened(base, MAX_LENGTH - suffix.length()) + suffix;
        }
        return label;
    }

    private static boolean isFree(String label, NodeType type, Set<String> taken) {
        for (String name : names(label, type.type())) {
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
