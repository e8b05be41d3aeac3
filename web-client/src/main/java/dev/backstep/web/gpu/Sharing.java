package dev.backstep.web.gpu;

/** Whether the invocations of a workgroup bring what they have together, and how. */
enum Sharing {
    /** Each works for itself. */
    ALONE,
    /** By halves, through workgroup memory. */
    TREE,
    /** Within subgroups, of whatever size they are, by what the processor has for that; then as many numbers less. */
    SUBGROUPS;

    /** What is made of two numbers. */
    enum Fold {
        SUM("0", "a + b", "subgroupAdd"), PROD("1", "a * b", "subgroupMul"),
        /** Of whole numbers. */
        MAX("-2147483647", "max(a, b)", "subgroupMax");

        /** Changes nothing. */
        private final String neutral;
        private final String pair;
        private final String subgroup;

        Fold(String neutral, String pair, String subgroup) {
            this.neutral = neutral;
            this.pair = pair;
            this.subgroup = subgroup;
        }

        /** The name of the function that {@link Sharing#declare} declares, of a number and {@code local}. */
        String together() {
            return "together_" + name().toLowerCase();
        }

        String neutral(String element) {
            return element + "(" + neutral + ")";
        }
    }

    /**
     * Declares a function that gives all invocations of a workgroup what their numbers make together. They must all
     * call it, once.
     */
    void declare(Shader shader, Fold fold, String element) {
        String name = fold.together();
        String type = " -> " + element + " ";
        shader.declare("var<workgroup> " + name + "_parts: array<" + element + ", " + Shader.GROUP + ">;\n");
        shader.declare("fn " + name + "_two(a: " + element + ", b: " + element + ")" + type + "{ return " + fold.pair
                + "; }\n");
        String start = "fn " + name + "(x: " + element + ", local: u32)" + type + "{\n";
        String parts = name + "_parts";
        if (this != SUBGROUPS) {
            shader.declare(start + parts + "[local] = x;\nfor (var half = " + Shader.GROUP / 2
                    + "u; half > 0u; half >>= 1u) {\nworkgroupBarrier();\nif (local < half) { " + parts + "[local] = "
                    + name + "_two(" + parts + "[local], " + parts + "[local + half]); }\n}\nworkgroupBarrier();\n"
                    + "return " + parts + "[0];\n}\n");
            return;
        }
        // Which invocations form a subgroup, and how many, nobody says: each counts those before it.
        String neutral = fold.neutral(element);
        shader.useSubgroups();
        shader.declare(start + "let place = subgroupExclusiveAdd(1u);\nlet width = subgroupAdd(1u);\nlet part = "
                + fold.subgroup + "(x);\n" + parts + "[local] = select(" + neutral
                + ", part, place == 0u);\nworkgroupBarrier();\nvar all = " + neutral + ";\nfor (var j = place; j < "
                + Shader.GROUP + "u; j += width) { all = " + name + "_two(all, " + parts + "[j]); }\nreturn "
                + fold.subgroup + "(all);\n}\n");
    }
}
