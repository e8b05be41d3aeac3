package dev.backstep.web.gpu;

/** Functions of a shader that say where an element of several dimensions lies. */
final class PlaceFunction {
    private PlaceFunction() {}

    /**
     * Declares {@code fn name(i: u32) -> u32}, which tells how far from the first the element of that number in
     * row-major order lies.
     */
    static void declare(Shader shader, String name, int[] extents, int[] strides) {
        StringBuilder text = new StringBuilder("fn ").append(name).append("(i: u32) -> u32 {\nvar rest = i;\n");
        StringBuilder place = new StringBuilder("0u");
        for (int d = extents.length - 1; d >= 0; d--) {
            String index = d > 0 ? "i" + d : "rest";
            if (d > 0) {
                String extent = shader.word(extents[d]);
                text.append("let ").append(index).append(" = rest % ").append(extent).append(";\nrest /= ")
                        .append(extent).append(";\n");
            }
            if (strides[d] != 0) {
                place.append(" + ").append(index).append(strides[d] == 1 ? "" : " * " + shader.word(strides[d]));
            }
        }
        shader.declare(text.append("return ").append(place).append(";\n}\n").toString());
    }
}
