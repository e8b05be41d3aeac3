// Lets TeaVM's WebAssembly run under a Content-Security-Policy without 'unsafe-eval'.
//
// TeaVM's runtime turns texts into functions (`new Function`) when the program starts: some are its own, and one is for
// each @JSBody method, whose text is a string constant inside the WebAssembly file. All of them are known once the
// program is compiled, so this module finds them and writes them down as real functions, in a table by their text. The
// runtime then looks its functions up (`new BuiltFunction`). A text that is not in the table is an error, never
// evaluated.
import { bodies } from "./bodies.mjs";

/** The runtime's source for one program: `wasm` is the program's bytes, `runtime` TeaVM's module of loading it. */
export async function withoutEval(wasm, runtime) {
  const patched = runtime.replaceAll("new Function(", "new BuiltFunction(");
  if (patched === runtime || /\bFunction\(|\beval\(/.test(patched.replaceAll("BuiltFunction(", ""))) {
    throw new Error("TeaVM's runtime is not as functions.mjs knows it: look how it makes functions from text");
  }
  const called = [...bodies(wasm)].map((parts) => ["wrapCallFromJavaToJs", ...parts]);
  const table = [...(await ownFunctions(patched)), ...called]
    .map((parts) => {
      const code = parts.at(-1).replaceAll("new Function(", "new BuiltFunction(");
      return `${JSON.stringify(parts.join("\0"))}: function (${parts.slice(0, -1).join(", ")}) {${code}\n}`;
    });
  return `const builtFunctions = {\n${table.join(",\n")}\n};\n${SHIM}\n${patched}`;
}

/** The functions that the runtime makes for every program: it is run once, and says what it would have made. */
async function ownFunctions(patched) {
  const made = new Map();
  globalThis.BuiltFunction = function (...parts) {
    made.set(parts.join("\0"), parts);
    return () => undefined;
  };
  const module = await import("data:text/javascript;base64," + Buffer.from(patched).toString("base64"));
  module.defaults({}, {}, true);
  delete globalThis.BuiltFunction;
  return made.values();
}

// The texts that hold a name which only the running program knows have a shape that is known: they need no text.
const SHIM = String.raw`
function BuiltFunction(...parts) {
  const built = builtFunctions[parts.join("\0")] ?? shapedFunction(parts, parts[parts.length - 1]);
  if (built === null) {
    throw new EvalError("no function was built for: " + parts.join(" | "));
  }
  return built;
}

function shapedFunction(parts, text) {
  let match = /^return ([\w$.]+);$/.exec(text);
  if (parts.length === 1 && match) {
    const path = match[1].split(".");
    return () => {
      if (!(path[0] in globalThis)) {
        throw new ReferenceError(path[0] + " is not defined");
      }
      return path.reduce((object, name) => object[name], globalThis);
    };
  }
  match = /^([\w$]+) = value;$/.exec(text);
  if (parts.length === 2 && match) {
    const name = match[1];
    return (value) => {
      globalThis[name] = value;
    };
  }
  match = /^return function ([\w$]+)\(marker, javaObject\) \{\s+return constructor\.call\(/.exec(text);
  if (parts.length === 2 && match) {
    const name = match[1];
    return (constructor) => Object.defineProperty(function (marker, javaObject) {
      return constructor.call(this, marker, javaObject);
    }, "name", { value: name, writable: true }); // writable: an exported static method may be called "name"
  }
  match = /^return function\(([^)]*)\) \{\s+try \{\s+return fn\((this)?[^)]*\);\s+\} catch \(e\) \{/.exec(text);
  if (parts.length === 3 && match) {
    const last = match[1].includes("...") ? match[1].split(",").length - 1 : -1;
    const gather = last < 0 ? (values) => values : (values) => [...values.slice(0, last), values.slice(last)];
    return match[2]
      ? (rethrowJavaAsJs, fn) => function (...values) {
          try {
            return fn(this, ...gather(values));
          } catch (e) {
            rethrowJavaAsJs(e);
          }
        }
      : (rethrowJavaAsJs, fn) => function (...values) {
          try {
            return fn(...gather(values));
          } catch (e) {
            rethrowJavaAsJs(e);
          }
        };
  }
  return null;
}
`;
