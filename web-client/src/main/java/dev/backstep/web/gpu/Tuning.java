package dev.backstep.web.gpu;

/**
 * What suits a device, as {@link Calibration} measured it.
 *
 * @param threads how many invocations keep it busy
 * @param tile the most rows and columns of a product of matrices that one invocation makes
 * @param blocks whether large products share their operands through workgroup memory
 * @param trees whether large sums share theirs so
 * @param words how many invocations make random words together; 0 where the CPU makes them sooner
 */
record Tuning(int threads, int tile, boolean blocks, boolean trees, int words) {
    /** Many small invocations that share nothing: right everywhere, fast nowhere. */
    static final Tuning FIRST = new Tuning(4096, 8, false, false, 1);

    /** As text that {@link #of} reads. */
    String text() {
        return threads + " " + tile + " " + blocks + " " + trees + " " + words;
    }

    /** What {@link #text} wrote, or null where it is something else. */
    static Tuning of(String text) {
        String[] words = text == null ? new String[0] : text.split(" ");
        if (words.length != 5) {
            return null;
        }
        try {
            return new Tuning(Integer.parseInt(words[0]), Integer.parseInt(words[1]), words[2].equals("true"),
                    words[3].equals("true"), Integer.parseInt(words[4]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
