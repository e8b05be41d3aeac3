package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.View;

/**
 * The elements of several views of one shape, copied to blocks and back: a block is a part of a long run, or as many
 * short runs as it has room for, so that a formula is begun once for a block and not once for a row. Where all views
 * lie in order and fit into one block, nobody looks where each run is.
 */
final class Blocks {
    /** The most elements that any block has. */
    static final int MOST = 512;

    /** The most elements that one of these has. */
    final int room;

    private final View[] views;
    /** Null where all is one block in order. */
    private final Walk walk;
    /** By view, where each piece of the block begins; null where all is one block. */
    private final int[][] at;
    private int pieces;
    private int length;
    /** How much of a run that is longer than a block was visited; of one block in order, of all. */
    private int visited;

    Blocks(View... views) {
        this.views = views;
        if (isOne(views)) {
            walk = null;
            at = null;
            room = views[0].numel();
            return;
        }
        walk = new Walk(views);
        int together = walk.length == 0 ? 0 : Math.max(1, Math.min(MOST, views[0].numel()) / walk.length);
        room = Math.min(MOST, together * walk.length);
        at = new int[views.length][together];
    }

    private static boolean isOne(View[] views) {
        int numel = views[0].numel();
        if (numel == 0 || numel > MOST) {
            return false;
        }
        for (View view : views) {
            if (!view.isContiguous()) {
                return false;
            }
        }
        return true;
    }

    /** Goes to the next block: how many elements it has, 0 after the last. */
    int next() {
        if (walk == null) {
            pieces = 1;
            length = room - visited;
            visited = room;
            return length;
        }
        pieces = 0;
        length = Math.min(room, walk.length - visited);
        while (walk.hasRun() && pieces < at[0].length) {
            for (int v = 0; v < at.length; v++) {
                at[v][pieces] = walk.at[v] + visited * walk.stride[v];
            }
            pieces++;
            visited += length;
            if (visited == walk.length) {
                visited = 0;
                walk.next();
            }
        }
        return pieces * length;
    }

    private CpuBuffer buffer(int view) {
        return (CpuBuffer) views[view].buffer();
    }

    private int at(int view, int piece) {
        return walk == null ? views[view].offset() : at[view][piece];
    }

    private int stride(int view) {
        return walk == null ? 1 : walk.stride[view];
    }

    /** Copies the elements of a view into a block. */
    void load(int view, double[] block) {
        for (int i = 0; i < pieces; i++) {
            buffer(view).load(at(view, i), stride(view), block, i * length, length);
        }
    }

    /** Likewise, rounded to float32. */
    void load(int view, float[] block) {
        for (int i = 0; i < pieces; i++) {
            buffer(view).load(at(view, i), stride(view), block, i * length, length);
        }
    }

    /** Copies a block to the elements of the first view. */
    void store(double[] block) {
        for (int i = 0; i < pieces; i++) {
            buffer(0).store(block, i * length, at(0, i), stride(0), length);
        }
    }

    /** Likewise to float32 memory. */
    void store(float[] block) {
        for (int i = 0; i < pieces; i++) {
            ((CpuBuffer.Floats) buffer(0)).store(block, i * length, at(0, i), stride(0), length);
        }
    }
}
