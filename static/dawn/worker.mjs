// What reads memory at once, in a thread of its own, with WebGPU from the other: the suite that TeaVM compiled (the
// self-test, every check of the kernels, every op on every sample), or trainings to be timed.
import { parentPort, workerData } from "node:worker_threads";
import { bench } from "./bench.mjs";
import { install } from "./remote.mjs";

/** As DeviceSuiteIT has it: an error relative to the largest number of the case. */
const TOLERANCE = 1e-5;

install(workerData.port, workerData.shared);
const suite = workerData.suite && await import(workerData.suite);
const say = (text) => parentPort.postMessage({ say: text });
const soon = () => new Promise((done) => setImmediate(done));
let wrong = 0;

function report(name, problem) {
  if (problem) {
    wrong++;
    say(`  ${name}: ${problem}`);
  }
}

/** Opens the device with what was found to suit it, or lets it find that out. */
async function open(calibration) {
  suite.gpuOpen(calibration);
  while (suite.gpuState() === "opening") {
    await soon();
  }
  if (suite.gpuState() !== "open") {
    throw new Error(suite.gpuState());
  }
}

async function selfTest() {
  while (suite.gpuTest()) {
    await soon();
  }
  report("self-test", suite.gpuFailed());
  say("self-test: done");
}

async function kernels() {
  for (let i = 0; i < suite.gpuCount(); i++) {
    let verdict = suite.gpuStart(i);
    while (!verdict && !suite.gpuReady()) {
      await soon();
    }
    report(suite.gpuName(i), verdict || suite.gpuVerdict());
  }
  say(`kernels: ${suite.gpuCount()} checks`);
}

function ops() {
  const cases = Array.from({ length: suite.count() }, (_, i) => i).filter((i) => suite.name(i).endsWith(" float32"));
  suite.use("cpu");
  const expected = cases.map((i) => suite.run(i));
  suite.use("webgpu");
  cases.forEach((i, k) => report(suite.name(i), difference(expected[k], suite.run(i))));
  report("ops", suite.failures());
  say(`ops: ${cases.length} samples, ${suite.runs()} computations on the device`);
}

function difference(expected, answer) {
  const want = expected.split(" ");
  const have = answer.split(" ");
  if (want.length !== have.length) {
    return `${expected} | ${answer}`;
  }
  const numbers = want.map(number);
  const allowed = TOLERANCE * numbers.reduce((most, x) => Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most, 1);
  const at = want.findIndex((word, i) => {
    const [x, y] = [numbers[i], number(have[i])];
    return word !== have[i] && !(x === y || x !== undefined && y !== undefined && Number.isNaN(x) && Number.isNaN(y)
      || Math.abs(x - y) <= allowed);
  });
  return at < 0 ? "" : `number ${at} is ${number(have[at]) ?? have[at]} instead of ${numbers[at] ?? want[at]}`;
}

/** A float32 that is written as its bits; undefined for other words. */
function number(word) {
  return /^[0-9a-f]{8}$/.test(word) ? new Float32Array(Uint32Array.of(parseInt(word, 16)).buffer)[0] : undefined;
}

if (suite) {
  suite.main([]);
  await open("");
  say(`what suits it: ${suite.gpuCalibration()}`);
  await selfTest();
  await kernels();
  ops();
} else {
  wrong = await bench(workerData.app, workerData.rows, say);
}
parentPort.postMessage({ wrong });
