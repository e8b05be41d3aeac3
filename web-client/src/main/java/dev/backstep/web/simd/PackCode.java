package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;

/** Writes the copy of some columns, or rows, into a panel whose inner dimension lies outside: a function from, to. */
final class PackCode {
    private static final int FROM = 0;
    private static final int TO = 1;

    private final Code code;
    private final int count;
    private final int room;
    private final int across;
    private final int down;

    /**
     * @param count how many columns there are
     * @param room how many the panel has; what is too much there holds anything
     * @param across bytes from one column to the next
     * @param down bytes from one element of a column to the next
     */
    PackCode(Code code, int count, int room, int across, int down) {
        this.code = code;
        this.count = count;
        this.room = room;
        this.across = across;
        this.down = down;
    }

    void write(int length) {
        boolean turns = down == 4 && across != 4;
        int rows = turns ? 4 : 1;
        code.repeat(length / rows, () -> {
            for (int i = 0; i < count; i += 4) {
                if (turns) {
                    turn(i);
                } else {
                    line(i);
                }
            }
            code.advance(FROM, rows * down).advance(TO, rows * 4 * room);
        });
        code.repeat(length % rows, () -> {
            for (int i = 0; i < count; i += 4) {
                line(i);
            }
            code.advance(FROM, down).advance(TO, 4 * room);
        });
    }

    private void line(int first) {
        int wide = Math.min(4, count - first);
        int loaded = Memory4.load(code, FROM, first * across, across, wide);
        Memory4.store(code, TO, 4 * first, 4, Math.min(4, room - first), loaded);
    }

    /** Four elements of up to four columns become four rows. */
    private void turn(int first) {
        int[] column = new int[4];
        for (int i = 0; i < 4; i++) {
            column[i] = first + i < count ? Memory4.load(code, FROM, (first + i) * across, 4, 4) : column[0];
        }
        int[] row = Turn.write(code, column);
        for (int k = 0; k < 4; k++) {
            Memory4.store(code, TO, 4 * (k * room + first), 4, Math.min(4, room - first), row[k]);
        }
    }
}
