// Reads from a WebAssembly file that TeaVM wrote what functions.mjs asks for.

const LEB = "[\\x80-\\xff]*[\\x00-\\x7f]";

/** Parameters and text of every @JSBody, found where the program hands them to the runtime's `createFunction`. */
export function bodies(bytes) {
  const module = read(bytes);
  const found = new Map();
  if (module.makers.size === 0) {
    return found.values();
  }
  // For each name and for the text: global.get of a string, call of stringToJs; then the call of the maker.
  const constant = `\\x23${LEB}${escape("\x10" + lebText(module.stringToJs))}`;
  const makers = [...module.makers.keys()].map((index) => escape(lebText(index))).join("|");
  const calls = new RegExp(`((?:${constant})+)\\x10(${makers})`, "gs");
  let calledMakers = 0;
  for (const [, constants, maker] of module.code.matchAll(calls)) {
    const globals = [...constants.matchAll(new RegExp(constant, "gs"))].map(([get]) => lebOf(get, 1));
    const arity = module.makers.get(lebOf(maker, 0));
    const parts = globals.slice(-arity - 1).map((index) => module.strings.get(index));
    if (parts.length !== arity + 1 || !parts.slice(0, -1).every((name) => /^[\w$]+$/.test(name))
        || parts.at(-1) === undefined) {
      throw new Error(`a @JSBody could not be read from the program: ${JSON.stringify(parts)}`);
    }
    calledMakers++;
    found.set(parts.join("\0"), parts);
  }
  if (calledMakers === 0) {
    throw new Error("the program makes functions from text, but none of them was found");
  }
  return found.values();
}

/** What we need of a WebAssembly file: the makers' indices with their arity, the constant strings by their global. */
function read(bytes) {
  const makers = new Map();
  let stringToJs = -1;
  let code = "";
  let data = null;
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at];
    const [size, start] = readLeb(bytes, at + 1);
    const section = new Reader(bytes, start);
    if (id === 2) {
      let functions = 0;
      for (let left = section.leb(); left > 0; left--) {
        const name = `${section.name()}.${section.name()}`;
        const kind = section.byte();
        if (kind === 0) {
          const arity = /^teavmJso\.createFunction(\d+)$/.exec(name)?.[1];
          if (arity !== undefined) {
            makers.set(functions, Number(arity));
          }
          functions++;
          section.leb();
        } else if (kind === 1) {
          section.type();
          section.limits();
        } else if (kind === 2) {
          section.limits();
        } else if (kind === 3) {
          section.type();
          section.byte();
        } else {
          section.byte();
          section.leb();
        }
      }
    } else if (id === 7) {
      for (let left = section.leb(); left > 0; left--) {
        const name = section.name();
        const kind = section.byte();
        const index = section.leb();
        if (kind === 0 && name === "teavm.stringToJs") {
          stringToJs = index;
        }
      }
    } else if (id === 10) {
      code = Buffer.from(bytes.subarray(start, start + size)).toString("latin1");
    } else if (id === 11) {
      const segments = section.leb();
      if (segments !== 1 || section.leb() !== 0) {
        throw new Error("the program's strings are not where functions.mjs looks for them: one segment of data");
      }
      if (section.byte() !== 0x41 || section.leb() !== 0 || section.byte() !== 0x0b) {
        throw new Error("the program's data does not start at address 0");
      }
      const length = section.leb();
      data = bytes.subarray(section.at, section.at + length);
    }
    at = start + size;
  }
  return { makers, stringToJs, code, strings: strings(code, data) };
}

/** The constant strings by the index of their global. */
function strings(code, data) {
  const texts = [];
  for (let at = 0; data && at < data.length; ) {
    const [length, start] = readLeb(data, at);
    let text = "";
    at = start;
    while (text.length < length) {
      const byte = data[at++];
      if (byte < 0x80) {
        text += String.fromCharCode(byte);
      } else if (byte < 0xe0) {
        text += String.fromCharCode(((byte & 0x1f) << 6) | (data[at++] & 0x3f));
      } else {
        text += String.fromCharCode(((byte & 0x0f) << 12) | ((data[at++] & 0x3f) << 6) | (data[at++] & 0x3f));
      }
    }
    texts.push(text);
  }
  // The program fills its constants in the order of the texts: global.get of each, array.new_fixed, call. Other arrays
  // look alike; those of the constants all go to one function, and are as many as the texts.
  const byCallee = new Map();
  const fills = new RegExp(`((?:\\x23${LEB})+)\\xfb\\x08${LEB}(${LEB})\\x10(${LEB})`, "gs");
  for (const [, gets, count, callee] of code.matchAll(fills)) {
    const globals = [...gets.matchAll(new RegExp(`\\x23${LEB}`, "gs"))].map(([get]) => lebOf(get, 1));
    byCallee.set(callee, [...(byCallee.get(callee) ?? []), ...globals.slice(-lebOf(count, 0))]);
  }
  const indices = [...byCallee.values()].find((globals) => globals.length === texts.length);
  if (indices === undefined) {
    const counts = [...byCallee.values()].map((globals) => globals.length);
    throw new Error(`the program has ${texts.length} strings, but fills ${counts.join(", ")} constants`);
  }
  return new Map(indices.map((index, i) => [index, texts[i]]));
}

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  leb() {
    const [value, next] = readLeb(this.bytes, this.at);
    this.at = next;
    return value;
  }
  name() {
    const length = this.leb();
    this.at += length;
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString("utf8");
  }
  type() {
    const first = this.byte();
    if (first === 0x63 || first === 0x64) {
      this.leb(); // a reference to a type
    }
  }
  limits() {
    const flags = this.byte();
    this.leb();
    if (flags & 1) {
      this.leb();
    }
  }
}

/** Value of an unsigned LEB128 number at `at`, and where it ends. */
function readLeb(bytes, at) {
  let value = 0;
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * shift;
    if (byte < 0x80) {
      return [value, at];
    }
  }
}

function lebOf(text, at) {
  return readLeb(Buffer.from(text, "latin1"), at)[0];
}

function lebText(value) {
  let text = "";
  do {
    text += String.fromCharCode((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return text;
}

function escape(text) {
  return [...text].map((c) => "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}
