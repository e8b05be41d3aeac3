// The page's kernels on the graphics processor of this machine, without a browser: node dawn/run.mjs in static, after
// `mvn package -DskipTests`. Dawn, Chromium's WebGPU, comes from npm when this first runs: 130 MB that no build needs.
//
//   node dawn/run.mjs check          the self-test, every check of the kernels, every op on every sample
//   node dawn/run.mjs bench          the rows of bench.html on WebGPU, as medians in milliseconds; those of trainings
//                                    with what it costs to send their calls to another thread
//   node dawn/run.mjs peak [n tflops] products of two n x n matrices (4096), as a share of the card's float32 peak,
//                                    which WebGPU does not tell: say it in 10^12 operations a second
//
// Without an argument all three. On a machine without a card, Chromium's software processor takes its place:
//   LD_LIBRARY_PATH=/usr/lib/chromium VK_DRIVER_FILES=/usr/lib/chromium/vk_swiftshader_icd.json node dawn/run.mjs
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { bench } from "./bench.mjs";
import { host } from "./host.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../web-client/target");
const WORKS = [["matmul", 256], ["matmul", 512], ["matmul", 1024], ["tanh", 1_000_000], ["tanh", 4_000_000]];
/** A training reads memory at once now and then, so it goes to the worker. */
const STEPS = [["step784", 0], ["step2", 0]];
const [mode = "all", ...options] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "backstep-dawn-"));

/** What TeaVM wrote, as a module that Node takes for one. */
function program(name) {
  const compiled = join(target, name);
  if (!existsSync(compiled)) {
    throw new Error(`${compiled} is not there: mvn package -DskipTests makes it`);
  }
  const module = join(scratch, name.replace(/.*\//, "").replace(".js", ".mjs"));
  writeFileSync(module, readFileSync(compiled));
  return pathToFileURL(module).href;
}

async function dawn() {
  if (!existsSync(join(here, "node_modules/webgpu"))) {
    const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"],
      { cwd: here, stdio: "inherit", shell: process.platform === "win32" });
    if (npm.status !== 0) {
      throw new Error("npm ci failed: the package webgpu could not be installed");
    }
  }
  const { create, globals } = await import(pathToFileURL(join(here, "node_modules/webgpu/index.js")));
  Object.assign(globalThis, globals);
  return create([]);
}

const words = (info) => [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(" ");

/** Something in a worker, where memory can be read at once. */
function inWorker(gpu, task) {
  const { port1, port2 } = new MessageChannel();
  const shared = new SharedArrayBuffer(4);
  host(gpu, port1, shared);
  const worker = new Worker(new URL("worker.mjs", import.meta.url),
    { workerData: { port: port2, shared, ...task }, transferList: [port2] });
  return new Promise((done, failed) => {
    worker.on("message", ({ say, wrong }) => {
      if (say) {
        console.log(say);
      } else {
        port1.close();
        worker.terminate();
        done(wrong);
      }
    });
    worker.on("error", failed);
  });
}

/** Products one after another, nothing read: the kernel's own speed. */
async function peak(device, n, tflops) {
  const suite = await import(program("suite/suite.js"));
  suite.main([]);
  suite.gpuOpen("");
  while (suite.gpuState() === "opening") {
    await new Promise((done) => setTimeout(done, 1));
  }
  const queue = device().queue;
  const time = async (count) => {
    const begun = performance.now();
    const problem = suite.gpuProducts(n, count);
    if (problem) {
      throw new Error(problem);
    }
    await queue.onSubmittedWorkDone();
    return (performance.now() - begun) / count;
  };
  await time(1);
  const count = Math.max(1, Math.min(20, Math.round(500 / await time(1))));
  let best = Infinity;
  for (let i = 0; i < 5; i++) {
    best = Math.min(best, await time(count));
  }
  const reached = 2 * n ** 3 / best / 1e9;
  console.log(`product of ${n} x ${n}: ${best.toFixed(2)} ms, ${reached.toFixed(3)} * 10^12 operations a second`
    + (tflops ? `, ${(100 * reached / tflops).toFixed(1)} % of ${tflops}` : ""));
}

let wrong = 0;
try {
  const gpu = await dawn();
  let opened;
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    return opened = await request.apply(this, args);
  };
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new Error("Dawn finds no adapter");
  }
  console.log(`adapter: ${words(adapter.info)}`);
  if (mode === "all" || mode === "check") {
    wrong += await inWorker(gpu, { suite: program("suite/suite.js") });
  }
  if (mode === "all" || mode === "bench") {
    wrong += await bench(program("app/app.js"), WORKS, console.log);
    wrong += await inWorker(gpu, { app: program("app/app.js"), rows: STEPS });
  }
  if (mode === "all" || mode === "peak") {
    await peak(() => opened, Number(options[0] ?? 4096), Number(options[1] ?? 0));
  }
} catch (problem) {
  console.error(problem);
  wrong++;
} finally {
  rmSync(scratch, { recursive: true });
}
process.exit(wrong ? 1 : 0);
