package dev.backstep.web.simd.wasm;

/** Instructions by the names they have in the specification, dots as underscores. */
public enum Op {
    DROP(0x1a), I32_LOAD(0x28), F32_LOAD(0x2a), F64_LOAD(0x2b), I32_STORE(0x36), F32_STORE(0x38), F64_STORE(0x39),
    I32_LT_S(0x48), I32_GT_S(0x4a), F32_EQ(0x5b), F32_NE(0x5c), F32_LT(0x5d), F32_GT(0x5e), I32_ADD(0x6a),
    I32_SUB(0x6b), I32_AND(0x71), I32_OR(0x72), I32_SHL(0x74), F64_ADD(0xa0), F32_DEMOTE_F64(0xb6),
    F64_CONVERT_I32_S(0xb7), F64_PROMOTE_F32(0xbb), MEMORY_FILL(0xfc, 0x0b),

    V128_LOAD(0xfd, 0), V128_LOAD32_SPLAT(0xfd, 9), V128_STORE(0xfd, 11), I8X16_SHUFFLE(0xfd, 13),
    F32X4_EXTRACT_LANE(0xfd, 31), F32X4_REPLACE_LANE(0xfd, 32), I32X4_EQ(0xfd, 55), I32X4_LT_U(0xfd, 58),
    F32X4_EQ(0xfd, 65), F32X4_NE(0xfd, 66), F32X4_LT(0xfd, 67), F32X4_GT(0xfd, 68), F32X4_LE(0xfd, 69),
    F32X4_GE(0xfd, 70), V128_NOT(0xfd, 77), V128_AND(0xfd, 78), V128_OR(0xfd, 80), V128_XOR(0xfd, 81),
    V128_BITSELECT(0xfd, 82), V128_ANY_TRUE(0xfd, 83), V128_LOAD32_LANE(0xfd, 86), V128_STORE32_LANE(0xfd, 90),
    V128_STORE64_LANE(0xfd, 91), V128_LOAD32_ZERO(0xfd, 92), F32X4_DEMOTE_F64X2_ZERO(0xfd, 94),
    F64X2_PROMOTE_LOW_F32X4(0xfd, 95), F32X4_FLOOR(0xfd, 104), F32X4_NEAREST(0xfd, 106), F64X2_NEAREST(0xfd, 148),
    I32X4_SHL(0xfd, 171), I32X4_SHR_S(0xfd, 172), I32X4_SHR_U(0xfd, 173), I32X4_ADD(0xfd, 174), I32X4_SUB(0xfd, 177),
    I64X2_SHL(0xfd, 203), I64X2_SHR_S(0xfd, 204), I64X2_ADD(0xfd, 206), I64X2_SUB(0xfd, 209), F32X4_ABS(0xfd, 224),
    F32X4_NEG(0xfd, 225), F32X4_SQRT(0xfd, 227), F32X4_ADD(0xfd, 228), F32X4_SUB(0xfd, 229), F32X4_MUL(0xfd, 230),
    F32X4_DIV(0xfd, 231), F32X4_MIN(0xfd, 232), F32X4_MAX(0xfd, 233), F64X2_SQRT(0xfd, 239), F64X2_ADD(0xfd, 240),
    F64X2_SUB(0xfd, 241), F64X2_MUL(0xfd, 242), F64X2_DIV(0xfd, 243), F64X2_MIN(0xfd, 244), F64X2_MAX(0xfd, 245),
    I32X4_TRUNC_SAT_F32X4_S(0xfd, 248), F32X4_CONVERT_I32X4_S(0xfd, 250), I32X4_TRUNC_SAT_F64X2_S_ZERO(0xfd, 252),
    F64X2_CONVERT_LOW_I32X4_S(0xfd, 254), F32X4_RELAXED_MADD(0xfd, 0x105);

    private final int prefix;
    private final int code;

    Op(int code) {
        this(0, code);
    }

    Op(int prefix, int code) {
        this.prefix = prefix;
        this.code = code;
    }

    void write(Bytes to) {
        if (prefix == 0) {
            to.add(code);
        } else {
            to.add(prefix);
            to.unsigned(code);
        }
    }
}
