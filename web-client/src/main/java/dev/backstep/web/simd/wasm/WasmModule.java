package dev.backstep.web.simd.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A binary module: functions over one imported memory, {@code env.memory}. Imported functions come first and must be
 * named before the first function of its own. See the WebAssembly Core Specification, chapter 5.
 */
public final class WasmModule {
    private final List<Bytes> types = new ArrayList<>();
    private final Bytes imports = new Bytes();
    private int imported;
    private final List<Integer> functionTypes = new ArrayList<>();
    private final List<Code> functions = new ArrayList<>();
    private final Bytes exports = new Bytes();
    private int exported;

    /** A function of numbers that {@code env} gives, by its number. */
    public int imported(String name, List<Type> params, List<Type> results) {
        if (!functions.isEmpty()) {
            throw new IllegalStateException("imports come before functions");
        }
        imports.name("env");
        imports.name(name);
        imports.add(0);
        imports.unsigned(type(params, results));
        return imported++;
    }

    /** A new function. */
    public Code function(List<Type> params, List<Type> results) {
        functionTypes.add(type(params, results));
        Code code = new Code(this, imported + functions.size(), params.size());
        functions.add(code);
        return code;
    }

    /** Shows a function to the outside. */
    public void export(String name, Code code) {
        exports.name(name);
        exports.add(0);
        exports.unsigned(code.index());
        exported++;
    }

    private int type(List<Type> params, List<Type> results) {
        Bytes bytes = new Bytes();
        bytes.add(0x60);
        for (List<Type> part : List.of(params, results)) {
            bytes.unsigned(part.size());
            part.forEach(type -> bytes.add(type.code()));
        }
        for (int i = 0; i < types.size(); i++) {
            if (Arrays.equals(types.get(i).toArray(), bytes.toArray())) {
                return i;
            }
        }
        types.add(bytes);
        return types.size() - 1;
    }

    public byte[] toBytes() {
        Bytes all = new Bytes();
        all.bits(0x6d736100);
        all.bits(1);
        Bytes section = new Bytes();
        section.unsigned(types.size());
        types.forEach(section::add);
        section(all, 1, section);
        section = new Bytes();
        section.unsigned(imported + 1);
        section.add(imports);
        section.name("env");
        section.name("memory");
        section.add(2);
        section.add(0);
        section.unsigned(1);
        section(all, 2, section);
        section = new Bytes();
        section.unsigned(functionTypes.size());
        functionTypes.forEach(section::unsigned);
        section(all, 3, section);
        section = new Bytes();
        section.unsigned(exported);
        section.add(exports);
        section(all, 7, section);
        section = new Bytes();
        section.unsigned(functions.size());
        for (Code code : functions) {
            section.sized(code.bytes());
        }
        section(all, 10, section);
        return all.toArray();
    }

    private static void section(Bytes all, int id, Bytes content) {
        all.add(id);
        all.sized(content);
    }
}
