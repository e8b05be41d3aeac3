// How many steps a second a small network trains in the playground, with its charts on the screen or off, and in a
// network of plain objects as TensorFlow Playground keeps one.
import * as neurons from "./neurons.js";

const WIDTHS = [2, 8, 8, 1];
const BATCH = 32;
const BATCHES = 10;
const RATE = 0.1;
const WARM_UP_STEPS = 2_000;
const CHECKS_MS = 50;

/** Trains that many steps, so many times: steps a second, and how the page fared meanwhile. */
export async function train(stage, { n, times, charts, peer }) {
  return peer ? objects(n, times) : playground(stage, n, times, charts);
}

function objects(steps, times) {
  const random = numbers();
  const examples = Array.from({ length: BATCH }, () => [random(), random()]);
  const targets = examples.map(([x, y]) => (x * y > 0 ? 0 : 1));
  const layers = neurons.network(WIDTHS, random);
  const run = (count) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      neurons.step(layers, examples, targets, RATE);
    }
    return count / (performance.now() - start) * 1000;
  };
  const before = neurons.error(layers, examples, targets);
  run(WARM_UP_STEPS);
  const rates = Array.from({ length: times }, () => run(steps));
  return result(rates, neurons.error(layers, examples, targets) < before / 2);
}

/** A playground in a frame of its own, ready. */
export async function opened(stage) {
  const frame = Object.assign(document.createElement("iframe"), { src: "/?embed" });
  frame.style.cssText = "width: 1440px; height: 900px; border: 0";
  stage.replaceChildren(frame);
  await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  const page = frame.contentWindow;
  while (!page.backstep) {
    await new Promise((resolve) => setTimeout(resolve, CHECKS_MS));
  }
  await page.backstep.ready;
  return page;
}

async function playground(stage, steps, times, charts) {
  const page = await opened(stage);
  await page.backstep.load(network());
  if ((page.document.getElementById("train-toggle").getAttribute("aria-expanded") === "true") !== charts) {
    page.document.getElementById("train-toggle").click();
  }
  await page.backstep.train({ steps: WARM_UP_STEPS });
  const rates = [];
  const watch = watching(page);
  let last;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    last = await page.backstep.train({ steps });
    rates.push(steps / (performance.now() - start) * 1000);
  }
  const seen = watch();
  const losses = page.backstep.runs()[0].losses;
  const mean = (list) => list.reduce((sum, loss) => sum + loss, 0) / list.length;
  const ok = last.batch === steps && losses.length === steps
    && mean(losses.slice(-BATCHES)) < mean(losses.slice(0, BATCHES)) / 2;
  stage.replaceChildren();
  return { ...result(rates, ok), ...seen };
}

/** Looks at a page until it is called: its frames, and how long a message to it waits until the frame after it. */
function watching(page) {
  const frames = [];
  const waits = [];
  let going = true;
  let before = page.performance.now();
  const frame = (now) => {
    frames.push(now - before);
    before = now;
    if (going) {
      page.requestAnimationFrame(frame);
    }
  };
  page.requestAnimationFrame(frame);
  const message = () => {
    const { port1, port2 } = new page.MessageChannel();
    const sent = page.performance.now();
    port1.onmessage = () => page.requestAnimationFrame(() => waits.push(page.performance.now() - sent));
    port2.postMessage(0);
    if (going) {
      setTimeout(message, CHECKS_MS);
    }
  };
  message();
  return () => {
    going = false;
    frames.sort((a, b) => a - b);
    waits.sort((a, b) => a - b);
    return {
      frame: frames[frames.length >> 1], slowFrame: frames[Math.floor(frames.length * 0.95)],
      latency: waits[waits.length >> 1], slowLatency: waits[Math.floor(waits.length * 0.95)],
    };
  };
}

function result(rates, ok) {
  rates.sort((a, b) => a - b);
  return { median: rates[rates.length >> 1], min: rates[0], max: rates.at(-1), unit: "steps/s", ok };
}

/** Numbers between -1 and 1, the same each time. */
function numbers() {
  let state = 12_345;
  return () => {
    state = state * 1_103_515_245 + 12_345 & 0x7fffffff;
    return state / 0x40000000 - 1;
  };
}

/** The same network as a document: tanh, squared error, SGD, batches of 32 points of xor. */
function network() {
  const nodes = [
    { id: "data", type: "data", label: "data", at: [0, 0], attrs: {
      source: "xor", samples: BATCH * BATCHES, noise: 0, train_share: 1, encoding: "column", batch_size: BATCH } },
    { id: "loop", type: "loop", label: "loop", at: [0, -200], attrs: { epochs: 1_000_000 } },
    { id: "sgd", type: "SGD", label: "sgd", at: [300, -200], attrs: { lr: RATE } },
  ];
  const wires = [];
  let at = "data";
  const add = (id, type, attrs, ...inputs) => {
    nodes.push({ id, type, label: id, at: [nodes.length * 220, (nodes.length % 3) * 150], attrs });
    inputs.forEach(([from, port], i) => wires.push({ from: [from, port], to: [id, i] }));
    return id;
  };
  for (let i = 1; i < WIDTHS.length; i++) {
    const bound = 1 / Math.sqrt(WIDTHS[i - 1]);
    const drawn = { from: -bound, to: bound, requires_grad: true };
    add(`w${i}`, "uniform", { ...drawn, size: [WIDTHS[i], WIDTHS[i - 1]], seed: i });
    add(`b${i}`, "uniform", { ...drawn, size: [WIDTHS[i]], seed: 10 + i });
    at = add(`h${i}`, "linear", {}, [at, 0], [`w${i}`, 0], [`b${i}`, 0]);
    at = i < WIDTHS.length - 1 ? add(`a${i}`, "tanh", {}, [at, 0]) : at;
  }
  add("loss", "mse_loss", {}, [at, 0], ["data", 1]);
  return { format: 1, nodes, wires, target: ["loss", 0] };
}
