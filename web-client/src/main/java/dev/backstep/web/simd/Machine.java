package dev.backstep.web.simd;

/** Linear memory, and a place where WebAssembly runs over it. */
interface Machine {
    /** Whether relaxed SIMD may be used. */
    boolean isRelaxed();

    /** Makes the memory at least that large; what is new is zero. False where there is no more. */
    boolean reserve(int bytes);

    /** The function {@code run} of a module, or null where it is refused. */
    Entry compile(byte[] module);

    void zero(int address, int bytes);

    void set(int address, int word);

    void write(int address, float[] values);

    void write(int address, int[] values);

    void read(int address, float[] values);

    void read(int address, int[] values);

    /** A function of a module. */
    interface Entry {
        void run();
    }
}
