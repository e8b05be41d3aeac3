package dev.backstep.server.cuda;

/**
 * How the threads of a block share results: {@code each} threads work on one result, each on every so-manieth element,
 * and bring what they have together by shuffles within warps and by shared memory between them.
 *
 * @param each a power of two up to the threads of a block
 * @param across whether neighbouring threads work on neighbouring results, or on neighbouring elements of one
 */
record Lanes(int each, boolean across) {
    private static final int WARP = 32;
    /** Elements that a thread should have to do. */
    private static final int FEW = 8;
    /** Threads that keep a device busy. */
    private static final int BUSY = 1 << 18;

    /** For so many results of so many elements each. @param across where neighbouring results lie together */
    static Lanes of(int results, int length, boolean across) {
        int each = 1;
        while (each < Source.THREADS && (long) each * FEW <= length && (long) results * each < BUSY) {
            each *= 2;
        }
        // Whole rows are read by neighbours, unless they are short.
        return new Lanes(across || length <= FEW ? each : Math.max(each, WARP), across);
    }

    /** How many results a block makes. */
    int results() {
        return Source.THREADS / each;
    }

    /** Into how many parts results are to be split so that the device is busy. */
    int parts(int results, int length) {
        long threads = (long) results * each;
        long most = (long) length / ((long) each * FEW);
        return (int) Math.max(1, Math.min(Math.min(BUSY / threads, most), 1024));
    }

    /** Declares {@code lane}, {@code part} and {@code result}. @param parts the code of their number */
    void begin(Source source, String parts) {
        String within = across ? " / " + results() + "u" : " % " + each + "u";
        String which = across ? " % " + results() + "u" : " / " + each + "u";
        source.add("const unsigned lane = threadIdx.x", within, ", part = blockIdx.x % ", parts,
                ";\nconst unsigned result = blockIdx.x / ", parts, " * " + results() + "u + threadIdx.x", which, ";");
    }

    /** Has all lanes of each result hold all lanes' values, put together; the same as {@link #end} otherwise. */
    void all(Source source, String type, String put) {
        source.add("{");
        end(source, type, put);
        if (each > (across ? 1 : WARP)) {
            source.add("__syncthreads();\ntotal = totals[", across ? "threadIdx.x % " + results() + "u"
                    : "threadIdx.x - lane", "];\n__syncthreads();");
        }
        source.add("}");
    }

    /**
     * Has lane 0 of each result hold all lanes' values, put together.
     *
     * @param type of the values, in the variable {@code total}
     * @param put the code that puts {@code other} to it
     */
    void end(Source source, String type, String put) {
        if (!across) {
            for (int distance = Math.min(WARP, each) / 2; distance > 0; distance /= 2) {
                source.add("{ const ", type, " other = __shfl_xor_sync(0xffffffffu, total, " + distance + "); ", put,
                        " }");
            }
        }
        int shared = across ? each : each / WARP;
        if (shared < 2) {
            return;
        }
        // By halves: lanes of one result are so many threads apart.
        int apart = across ? results() : WARP;
        source.add("__shared__ ", type, " totals[" + Source.THREADS + "];\ntotals[threadIdx.x] = total;");
        for (int half = shared / 2; half > 0; half /= 2) {
            source.add("__syncthreads();\nif (lane < " + half * (across ? 1 : WARP) + "u) { const ", type,
                    " other = totals[threadIdx.x + " + half * apart + "u]; ", put, " totals[threadIdx.x] = total; }");
        }
    }
}
