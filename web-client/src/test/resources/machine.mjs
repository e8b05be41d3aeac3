// A machine for tests: commands come as bytes on stdin, answers go to stdout. Whole numbers are 32 bits, little end first.
import { readSync, writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

// Needed by Node 20; later ones have it without asking.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const memory = new WebAssembly.Memory({ initial: 1 });
const runs = [];
const pow = (x, y) => x === 1 || x === -1 && Math.abs(y) === Infinity ? 1 : Math.pow(x, y);

function take(count) {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count;) {
    try {
      const n = readSync(0, bytes, at, count - at);
      if (n === 0) process.exit(0);
      at += n;
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
  return bytes;
}

function give(bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

const whole = value => { const b = Buffer.alloc(4); b.writeInt32LE(value); return b; };

for (;;) {
  const head = take(12);
  const [command, a, b] = [head.readInt32LE(0), head.readInt32LE(4), head.readInt32LE(8)];
  switch (command) {
    case 0: { // reserve a bytes
      const missing = a - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / 65536));
      break;
    }
    case 1: { // compile a bytes
      const bytes = take(a);
      try {
        const env = { memory, sin: Math.sin, cos: Math.cos, tan: Math.tan, pow };
        runs.push(new WebAssembly.Instance(new WebAssembly.Module(bytes), { env }).exports.run);
        give(whole(runs.length - 1));
      } catch (error) {
        console.error(error.message);
        give(whole(-1));
      }
      break;
    }
    case 2: // write b bytes at a
      new Uint8Array(memory.buffer, a, b).set(take(b));
      break;
    case 3: // read b bytes at a
      give(Buffer.from(memory.buffer, a, b));
      break;
    case 4: // zero b bytes at a
      new Uint8Array(memory.buffer, a, b).fill(0);
      break;
    case 5: { // run a, and say how many nanoseconds a run took when it is done b times
      const start = process.hrtime.bigint();
      for (let i = 0; i < b; i++) runs[a]();
      give(whole(Math.min(2e9, Number(process.hrtime.bigint() - start) / b)));
      break;
    }
  }
}
