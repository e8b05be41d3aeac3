package dev.backstep.web.simd.wasm;

/** Instructions by the names they have in the specification, dots as underscores. */
public enum Op {
    DROP(0x1a), SELECT(0x1b), RETURN(0x0f),
    I32_LOAD(0x28), F32_LOAD(0x2a), F64_LOAD(0x2b), I32_STORE(0x36), F32_STORE(0x38), F64_STORE(0x39),
    I32_EQZ(0x45), I32_EQ(0x46), I32_NE(0x47), I32_LT_S(0x48), I32_LT_U(0x49), I32_GT_S(0x4a), I32_GE_S(0x4e),
    F32_EQ(0x5b), F32_NE(0x5c), F32_LT(0x5d), F32_GT(0x5e), F64_NE(0x62),
    I32_ADD(0x6a), I32_SUB(0x6b), I32_MUL(0x6c), I32_AND(0x71), I32_OR(0x72), I32_SHL(0x74), I32_SHR_U(0x76),
    F32_ADD(0x92), F32_MUL(0x94), F64_ADD(0xa0), F64_SUB(0xa1), F64_MUL(0xa2), F64_DIV(0xa3),
    F32_CONVERT_I32_S(0xb2), F32_DEMOTE_F64(0xb6), F64_CONVERT_I32_S(0xb7), F64_PROMOTE_F32(0xbb),
    MEMORY_FILL(0xfc, 0x0b),

    V128_LOAD(0xfd, 0), V128_LOAD32_SPLAT(0xfd, 9), V128_LOAD64_SPLAT(0xfd, 10), V128_STORE(0xfd, 11),
    I8X16_SHUFFLE(0xfd, 13), I32X4_SPLAT(0xfd, 17), F32X4_SPLAT(0xfd, 19), F64X2_SPLAT(0xfd, 20),
    I32X4_EXTRACT_LANE(0xfd, 27), F32X4_EXTRACT_LANE(0xfd, 31), F32X4_REPLACE_LANE(0xfd, 32),
    F64X2_EXTRACT_LANE(0xfd, 33), F64X2_REPLACE_LANE(0xfd, 34),
    I32X4_EQ(0xfd, 55), I32X4_GT_S(0xfd, 59),
    F32X4_EQ(0xfd, 65), F32X4_NE(0xfd, 66), F32X4_LT(0xfd, 67), F32X4_GT(0xfd, 68), F32X4_LE(0xfd, 69),
    F32X4_GE(0xfd, 70), F64X2_EQ(0xfd, 71), F64X2_LT(0xfd, 73), F64X2_GT(0xfd, 74), F64X2_GE(0xfd, 76),
    V128_NOT(0xfd, 77), V128_AND(0xfd, 78), V128_ANDNOT(0xfd, 79), V128_OR(0xfd, 80), V128_XOR(0xfd, 81),
    V128_BITSELECT(0xfd, 82), V128_ANY_TRUE(0xfd, 83),
    V128_LOAD32_LANE(0xfd, 86), V128_LOAD64_LANE(0xfd, 87), V128_STORE32_LANE(0xfd, 90), V128_STORE64_LANE(0xfd, 91),
    V128_LOAD32_ZERO(0xfd, 92), V128_LOAD64_ZERO(0xfd, 93),
    F32X4_DEMOTE_F64X2_ZERO(0xfd, 94), F64X2_PROMOTE_LOW_F32X4(0xfd, 95),
    F32X4_FLOOR(0xfd, 104), F32X4_NEAREST(0xfd, 106), F64X2_NEAREST(0xfd, 148),
    I32X4_SHL(0xfd, 171), I32X4_SHR_S(0xfd, 172), I32X4_SHR_U(0xfd, 173), I32X4_ADD(0xfd, 174), I32X4_SUB(0xfd, 177),
    I64X2_EXTEND_LOW_I32X4_S(0xfd, 199), I64X2_SHL(0xfd, 203), I64X2_SHR_S(0xfd, 204), I64X2_ADD(0xfd, 206),
    I64X2_SUB(0xfd, 209),
    F32X4_ABS(0xfd, 224), F32X4_NEG(0xfd, 225), F32X4_SQRT(0xfd, 227), F32X4_ADD(0xfd, 228), F32X4_SUB(0xfd, 229),
    F32X4_MUL(0xfd, 230), F32X4_DIV(0xfd, 231), F32X4_MIN(0xfd, 232), F32X4_MAX(0xfd, 233),
    F64X2_SQRT(0xfd, 239), F64X2_ADD(0xfd, 240), F64X2_SUB(0xfd, 241), F64X2_MUL(0xfd, 242), F64X2_DIV(0xfd, 243),
    F64X2_MIN(0xfd, 244), F64X2_MAX(0xfd, 245),
    I32X4_TRUNC_SAT_F32X4_S(0xfd, 248), F32X4_CONVERT_I32X4_S(0xfd, 250), I32X4_TRUNC_SAT_F64X2_S_ZERO(0xfd, 252),
    F64X2_CONVERT_LOW_I32X4_S(0xfd, 254),
    F32X4_RELAXED_MADD(0xfd, 0x105);

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
