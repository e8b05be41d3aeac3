package dev.backstep.web.simd.wasm;

/** The types of WebAssembly's values. */
public enum Type {
    I32(0x7f), F32(0x7d), F64(0x7c), V128(0x7b);

    private final int code;

    Type(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
