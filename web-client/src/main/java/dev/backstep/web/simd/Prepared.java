package dev.backstep.web.simd;

/** A compiled module, and the words of its {@link Arguments} as they stand in linear memory. */
final class Prepared {
    final Machine.Entry entry;
    /** Where its arguments begin. */
    final int address;
    final int[] words;
    final int places;
    final int scratchBytes;
    /** How many executables run it. */
    int users;
    /** Whether it is among those kept for lists to come. */
    boolean kept = true;

    Prepared(Machine.Entry entry, int address, int places, int numbers, int scratchBytes) {
        this.entry = entry;
        this.address = address;
        this.places = places;
        this.scratchBytes = scratchBytes;
        words = new int[places + 1 + numbers];
    }

    /** Writes a word down where it has changed. */
    void set(Machine machine, int index, int word) {
        if (words[index] != word) {
            words[index] = word;
            machine.set(address + 4 * index, word);
        }
    }
}
