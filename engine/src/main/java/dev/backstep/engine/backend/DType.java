package dev.backstep.engine.backend;

/** The types an element may have, with PyTorch's names and its order of promotion. */
public enum DType {
    BOOL("torch.bool", "torch.BoolTensor", 1),
    INT64("torch.int64", "torch.LongTensor", 8),
    FLOAT32("torch.float32", "torch.FloatTensor", 4),
    FLOAT64("torch.float64", "torch.DoubleTensor", 8);

    private final String torch;
    private final String tensorType;
    private final int bytes;

    DType(String torch, String tensorType, int bytes) {
        this.torch = torch;
        this.tensorType = tensorType;
        this.bytes = bytes;
    }

    /** PyTorch's name, such as {@code torch.float32}. */
    public String torch() {
        return torch;
    }

    /** The name PyTorch's error texts use, such as {@code torch.FloatTensor}. */
    public String tensorType() {
        return tensorType;
    }

    /** The name in documents, such as {@code float32}. */
    public String shortName() {
        return torch.substring("torch.".length());
    }

    /** The name of the C++ type in PyTorch's error texts, such as {@code Float}. */
    public String scalarName() {
        return switch (this) {
            case BOOL -> "Bool";
            case INT64 -> "Long";
            case FLOAT32 -> "Float";
            case FLOAT64 -> "Double";
        };
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** The type both promote to: the later of the two in this enum, as in PyTorch's lattice for these four. */
    public static DType promote(DType a, DType b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** This type, or float32 where it is not a floating type: what functions such as {@code exp} compute in. */
    public DType toFloat() {
        return isFloat() ? this : FLOAT32;
    }

    /**
     * The type of that name, {@code "float32"} or {@code "torch.float32"}.
     *
     * @return the type, or null where there is none of that name
     */
    public static DType of(String name) {
        for (DType type : values()) {
            if (type.torch.equals(name) || type.shortName().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** The number as this type keeps it: float32 rounds, int64 truncates, bool says whether it is not zero. */
    public double round(double value) {
        return switch (this) {
            case BOOL -> value != 0 ? 1 : 0;
            case INT64 -> (double) (long) value;
            case FLOAT32 -> float32(value);
            case FLOAT64 -> value;
        };
    }

    /** The number rounded to float32: {@link #round} where the type is known and each nanosecond counts. */
    public static double float32(double value) {
        // Through the bits, because a JavaScript build leaves out a cast that nothing but a double sees.
        return Float.intBitsToFloat(Float.floatToRawIntBits((float) value));
    }
}
