package dev.backstep.engine.step;

import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.NodeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** Makes documents as nobody should write them. */
final class HostileText {
    /** What is put in place of a value. */
    private static final List<String> VALUES = List.of(
            "null", "true", "-1", "0", "0.5", "1e999", "-0", "NaN", "Infinity", "\"NaN\"", "\"-Infinity\"", "1e-400",
            "9223372036854775807", "9223372036854775808", "4294967297", "2147483647", "[]", "{}", "[[]]", "\"\"",
            "[1,[2]]", "[[1],[2,3]]", "\"n1\"", "[\"n1\",0]", "[\"n2\",1]", "[\"n1\",99]", "[\"n1\",-1]",
            "[100000,100000,100000]", "[65536,65536,65536,65536]", "[-1,-1]", "\"<b>bold</b>\"",
            "\"<script>alert(1)</script>\"", "\"\\ud800\"", "\"\\u0000\"", "\"float64\"", "\"int64\"", "\"bool\"",
            "\"tensor\"", "\"matmul\"", "\"expand\"", "\"__proto__\"", "1e16", "123456789012345678901234567890");

    private static final List<String> NUMBERS = List.of(
            "0", "1", "2", "3", "4", "7", "16", "64", "65", "100", "4096", "65536", "100000", "2147483647", "-1", "-2",
            "-2147483648", "0.5", "1e30", "1e-30");

    /** Words that are put anywhere. */
    static final List<String> SCRAPS = List.of(
            "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "e", "-", ".", "0", "/*", "\u0000", "\ud83d", "é", "[[",
            json("'requires_grad':true,"), json("'dim':7,"), json("'keepdim':true,"), json("'format':1,"),
            json("'nodes':[],"), json("'id':'n1',"));

    private static final List<String> FORMULAS = List.of(
            "g * 2", "x * x", "x", "", "g", "x +", "((((x", "sum(x, dim=7)", "x.T @ x", "torch.relu(x)", "x[0]", "None",
            "g, g", "x ** x ** x", "2 ** 3", "max(x, x)", "x.reshape(-1)", "-x", "x.foo()", "'x'", "x.sum(dim=(0, 1))");

    private HostileText() {}

    /** JSON with its quotes written as apostrophes. */
    static String json(String text) {
        return text.replace('\'', '"');
    }

    static String leaf(String data) {
        return json("{'format':1,'nodes':[{'id':'a','type':'tensor','attrs':{'data':") + data + "}}]}";
    }

    static String nodes(int count, IntFunction<String> node) {
        StringBuilder text = new StringBuilder("{\"format\":1,\"nodes\":[");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(node.apply(i));
        }
        return text.append("]}").toString();
    }

    static String close(String open) {
        return open.equals("[") ? "]" : "}";
    }

    static String generated(Random random) {
        List<NodeType> types = NodeTypes.all();
        StringBuilder nodes = new StringBuilder();
        StringBuilder wires = new StringBuilder();
        int count = 3 + random.nextInt(8);
        List<Integer> sources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            NodeType type = i < 3 ? types.getFirst() : types.get(random.nextInt(types.size()));
            nodes.append(i == 0 ? "" : ",").append(json("{'id':'n" + i + "','type':'")).append(type.type())
                    .append(json("','attrs':{"));
            String comma = "";
            for (AttrSpec spec : type.attrs()) {
                if (spec.fallback() == null || random.nextInt(3) > 0) {
                    nodes.append(comma).append('"').append(spec.name()).append("\":").append(value(spec, random));
                    comma = ",";
                }
            }
            nodes.append("}}");
            int inputs = sources.isEmpty() ? 0 : type.variadic() ? 1 + random.nextInt(3) : type.inputs().size();
            for (int k = 0; k < inputs; k++) {
                wires.append(wires.isEmpty() ? "" : ",").append(json("{'from':['n"
                        + sources.get(random.nextInt(sources.size())) + "',0],'to':['n" + i + "'," + k + "]}"));
            }
            if (!type.outputs().isEmpty()) {
                sources.add(i);
            }
        }
        return json("{'format':1,'nodes':[") + nodes + json("],'wires':[") + wires + "]}";
    }

    private static String value(AttrSpec spec, Random random) {
        return switch (spec.kind()) {
            case INT -> integer(random);
            case NUMBER -> random.nextInt(4) == 0 ? "\"NaN\"" : "" + random.nextInt(-2, 4);
            case FLAG -> "" + random.nextBoolean();
            case TEXT -> "\"mean\"";
            case TABLE -> "\"a,b\\n1,2\\n3\\n\\\"x,4\"";
            case FORMULA -> "\"" + FORMULAS.get(random.nextInt(FORMULAS.size())) + "\"";
            case IDS -> "[]";
            case NUMBERS -> "[0.9,0.99]";
            case DTYPE -> List.of("\"float32\"", "\"float64\"", "\"float32\"", "\"int64\"").get(random.nextInt(4));
            case INTS -> {
                List<String> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(integer(random));
                }
                yield list.toString();
            }
            case DATA -> List.of("1", "-2", "[1,2]", "[[1,2],[3,4]]", "[[1],[2]]", "[]", "[[],[]]", "[1,2,3]", "[0]")
                    .get(random.nextInt(9));
        };
    }

    private static String integer(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> "2147483647";
            case 1 -> "-2147483648";
            case 2 -> "1000";
            case 3 -> "-1";
            default -> "" + random.nextInt(-2, 4);
        };
    }

    /** Cuts, doubles, swaps and replaces pieces, values by preference, so that much of the text stays JSON. */
    static String mutated(String text, Random random) {
        if (text.isEmpty()) {
            return SCRAPS.get(random.nextInt(SCRAPS.size()));
        }
        int at = random.nextInt(text.length());
        return switch (random.nextInt(8)) {
            case 0 -> text.substring(0, at) + SCRAPS.get(random.nextInt(SCRAPS.size())) + text.substring(at);
            case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1 + random.nextInt(12)));
            case 2 -> {
                int end = Math.min(text.length(), at + random.nextInt(200));
                yield text.substring(0, end) + text.substring(at);
            }
            default -> {
                int start = text.indexOf(':', at) + 1;
                int end = start;
                int depth = 0;
                while (end < text.length() && (depth > 0 || ",}]".indexOf(text.charAt(end)) < 0)) {
                    depth += "[{".indexOf(text.charAt(end)) >= 0 ? 1 : "]}".indexOf(text.charAt(end)) >= 0 ? -1 : 0;
                    end++;
                }
                yield text.substring(0, start) + VALUES.get(random.nextInt(VALUES.size())) + text.substring(end);
            }
        };
    }

    /** Puts another number in place of one, which leaves the text JSON. */
    static String otherNumber(String text, Random random) {
        int start = random.nextInt(text.length() + 1);
        while (start < text.length() && !Character.isDigit(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return text.substring(0, start) + NUMBERS.get(random.nextInt(NUMBERS.size())) + text.substring(end);
    }
}
