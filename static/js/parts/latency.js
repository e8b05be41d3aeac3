// How long input waits in the playground while it computes: in its worker on a device, or in the page itself.
import { opened } from "./training.js";

const SETTLE_MS = 1_000;
/** A hand that goes on whether or not the page follows. */
const EVERY_MS = 50;
const BATCH = 64;

/** Keeps the playground busy while so many inputs come, and tells how long they wait until their frame. */
export async function latency(stage, { by, n, times }) {
  const page = await opened(stage);
  const busy = by === "page" ? inPage(page, tanh(n)) : by === "page-matmul" ? inPage(page, product(n))
    : inWorker(page, by);
  await busy.started;
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const waits = await inputs(page, times);
  const ok = await busy.end();
  stage.replaceChildren();
  waits.sort((a, b) => a - b);
  const [median, slowLatency] = [waits[times >> 1], waits[Math.floor(times * 0.95)]];
  return { median, slowLatency, min: waits[0], max: waits.at(-1), unit: "ms", ok };
}

/** From when each was due, not from when the page got round to it. */
function inputs(page, count) {
  return new Promise((resolve) => {
    const waits = [];
    let due = page.performance.now();
    const input = () => {
      const late = [];
      for (const now = page.performance.now(); due <= now; due += EVERY_MS) {
        late.push(due);
      }
      page.requestAnimationFrame(() => {
        waits.push(...late.map((time) => page.performance.now() - time));
        if (waits.length >= count) {
          waits.length = count;
          resolve(waits);
        }
      });
      if (waits.length < count) {
        page.setTimeout(input, due - page.performance.now());
      }
    };
    input();
  });
}

/** Trains 784-256-256-10 on a device of the worker's. */
function inWorker(page, device) {
  const select = page.document.getElementById("train-device");
  select.value = device;
  select.dispatchEvent(new page.Event("change"));
  let run;
  const start = async () => {
    await page.backstep.load(network([784, 256, 256, 10]));
    while (device !== "cpu" && !(await page.backstep.devices()).find(({ name }) => name === device).ready) {
      await new Promise((resolve) => page.setTimeout(resolve, EVERY_MS));
    }
    run = page.backstep.train({ steps: 1_000_000 }).catch(() => null);
  };
  return {
    started: start(),
    async end() {
      const { batch } = page.backstep.runs()[0];
      page.document.getElementById("train-stop").click();
      await run;
      return batch > 0;
    },
  };
}

const drawn = (id, size, seed, learns) => ({ id, type: "randn", label: id, at: [0, seed * 150],
  attrs: { size, seed, requires_grad: learns } });
const op = (id, type, x) => ({ id, type, label: id, at: [x, 100] });
const wire = (from, to, port) => ({ from: [from, 0], to: [to, port] });

/** sum(tanh(x * w + b)) of n elements. */
function tanh(n) {
  return { format: 1, target: ["s", 0],
    nodes: [drawn("x", [n], 1, false), drawn("w", [n], 2, true), drawn("b", [n], 3, true), op("m", "mul", 240),
      op("a", "add", 480), op("t", "tanh", 720), op("s", "sum", 960)],
    wires: [wire("x", "m", 0), wire("w", "m", 1), wire("m", "a", 0), wire("b", "a", 1), wire("a", "t", 0),
      wire("t", "s", 0)] };
}

/** The sum of a product of two n x n matrices. */
function product(n) {
  return { format: 1, target: ["s", 0],
    nodes: [drawn("a", [n, n], 1, true), drawn("b", [n, n], 2, true), op("m", "matmul", 240), op("s", "sum", 480)],
    wires: [wire("a", "m", 0), wire("b", "m", 1), wire("m", "s", 0)] };
}

/** Forward and backward of a document, again and again. */
function inPage(page, document) {
  let going = true;
  let rounds = 0;
  const loop = async () => {
    while (going) {
      await page.backstep.forward();
      await page.backstep.backward({});
      rounds++;
      await new Promise((resolve) => page.setTimeout(resolve));
    }
  };
  let done;
  return {
    started: page.backstep.load(document).then(() => {
      done = loop();
    }),
    async end() {
      going = false;
      await done;
      return rounds > 0;
    },
  };
}

function network(widths) {
  const leaf = (id, size, seed, learns) => ({ id, type: "uniform", label: id, at: [seed * 30, seed * 140],
    attrs: { from: -1 / Math.sqrt(size.at(-1)), to: 1 / Math.sqrt(size.at(-1)), size, seed, requires_grad: learns } });
  const nodes = [leaf("x", [BATCH, widths[0]], 1, false),
    { id: "y", type: "tensor", label: "y", at: [0, 0], attrs: { dtype: "int64", requires_grad: false,
      data: Array.from({ length: BATCH }, (_, i) => i * 7 % widths.at(-1)) } },
    { id: "adam", type: "Adam", label: "adam", at: [300, -300], attrs: { lr: 1e-3 } },
    { id: "loop", type: "loop", label: "loop", at: [0, -300], attrs: { epochs: 1_000_000 } }];
  const wires = [];
  const add = (id, type, ...inputs) => {
    nodes.push({ id, type, label: id, at: [nodes.length * 220, 60] });
    inputs.forEach((from, i) => wires.push({ from: [from, 0], to: [id, i] }));
    return id;
  };
  let at = "x";
  for (let i = 1; i < widths.length; i++) {
    nodes.push(leaf(`w${i}`, [widths[i], widths[i - 1]], 1 + i, true), leaf(`b${i}`, [widths[i]], 11 + i, true));
    at = add(`h${i}`, "linear", at, `w${i}`, `b${i}`);
    at = i < widths.length - 1 ? add(`a${i}`, "relu", at) : at;
  }
  add("loss", "cross_entropy", at, "y");
  return { format: 1, nodes, wires, target: ["loss", 0] };
}
