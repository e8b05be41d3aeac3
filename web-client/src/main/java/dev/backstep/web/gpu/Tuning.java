package dev.backstep.web.gpu;

/**
 * What suits a device, as {@link Calibration} measured it.
 *
 * @param threads how many invocations keep it busy
 * @param tile the most rows and columns of a product of matrices that one invocation makes
 * @param blocks whether large products share their operands through workgroup memory
 * @param sums how the invocations that make a large sum bring their parts together
 * @param rows likewise those that make a row of a softmax
 * @param words how many invocations make random words together; 0 where the CPU makes them sooner
 */
record Tuning(int threads, int tile, boolean blocks, Sharing sums, Sharing rows, int words) {
    /** Many small invocations that share nothing: right everywhere, fast nowhere. */
    static final Tuning FIRST = new Tuning(4096, 8, false, Sharing.ALONE, Sharing.ALONE, 1);

    Tuning withTiles(int otherThreads, int otherTile) {
        return new Tuning(otherThreads, otherTile, blocks, sums, rows, words);
    }

    Tuning withBlocks(boolean others) {
        return new Tuning(threads, tile, others, sums, rows, words);
    }

    Tuning withSums(Sharing others) {
        return new Tuning(threads, tile, blocks, others, rows, words);
    }

    Tuning withRows(Sharing others) {
        return new Tuning(threads, tile, blocks, sums, others, words);
    }

    Tuning withWords(int others) {
        return new Tuning(threads, tile, blocks, sums, rows, others);
    }

    /** Whether it needs the feature {@code subgroups}. */
    boolean usesSubgroups() {
        return sums == Sharing.SUBGROUPS || rows == Sharing.SUBGROUPS;
    }

    /** As text that {@link #of} reads. */
    String text() {
        return threads + " " + tile + " " + blocks + " " + sums + " " + rows + " " + words;
    }

    /** What {@link #text} wrote, or null where the text is something else. */
    static Tuning of(String text) {
        String[] words = text == null ? new String[0] : text.split(" ");
        if (words.length != 6) {
            return null;
        }
        try {
            return new Tuning(Integer.parseInt(words[0]), Integer.parseInt(words[1]), words[2].equals("true"),
                    Sharing.valueOf(words[3]), Sharing.valueOf(words[4]), Integer.parseInt(words[5]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
