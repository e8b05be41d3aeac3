package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.View;

/**
 * The elements of several views of one shape, copied to blocks and back: a block is a part of a long run, or as many
 * short runs as it has room for, so that a formula is begun once for a block and not once for a row.
 */
final class Blocks {
    /** The most elements that any block has. */
    static final int MOST = 512;

    /** The most elements that one of these has. */
    final int room;

    private final CpuBuffer[] buffers;
    private final Walk walk;
    /** By view, where each piece of the block begins. */
    private final int[][] at;
    private int pieces;
    private int length;
    /** How much of a run that is longer than a block was visited. */
    private int visited;

    Blocks(View... views) {
        buffers = new CpuBuffer[views.length];
        for (int v = 0; v < views.length; v++) {
            buffers[v] = (CpuBuffer) views[v].buffer();
        }
        walk = new Walk(views);
        int together = walk.length == 0 ? 0 : Math.max(1, Math.min(MOST, views[0].numel()) / walk.length);
        room = Math.min(MOST, together * walk.length);
        at = new int[views.length][together];
    }

    /** Goes to the next block: how many elements it has, 0 after the last. */
    int next() {
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

    /** Copies the elements of a view into a block. */
    void load(int view, double[] block) {
        for (int i = 0; i < pieces; i++) {
            buffers[view].load(at[view][i], walk.stride[view], block, i * length, length);
        }
    }

    /** Likewise, rounded to float32. */
    void load(int view, float[] block) {
        for (int i = 0; i < pieces; i++) {
            buffers[view].load(at[view][i], walk.stride[view], block, i * length, length);
        }
    }

    /** Copies a block to the elements of the first view. */
    void store(double[] block) {
        for (int i = 0; i < pieces; i++) {
            buffers[0].store(block, i * length, at[0][i], walk.stride[0], length);
        }
    }

    /** Likewise to float32 memory. */
    void store(float[] block) {
        for (int i = 0; i < pieces; i++) {
            ((CpuBuffer.Floats) buffers[0]).store(block, i * length, at[0][i], walk.stride[0], length);
        }
    }
}
