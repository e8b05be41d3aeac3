// Starts the engine and the playground: as WebAssembly where the browser runs it, else as JavaScript.
// `?engine=js` asks for the JavaScript build.
import { load } from "teavm-runtime";
import { crash, watch } from "./parts/crash.js";

const assets = globalThis.backstepAssets;

/** A module of one type, a structure: valid where there is garbage collection. */
const STRUCTURE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0]);

async function start() {
  const asksForJs = new URLSearchParams(location.search).get("engine") === "js";
  // Half a megabyte is not fetched in vain.
  if (!asksForJs && globalThis.WebAssembly?.validate(STRUCTURE)) {
    try {
      const program = await load(assets["app.wasm"]);
      program.exports.main([]);
      document.documentElement.dataset.engine = "wasm";
      return;
    } catch (error) {
      if (!(error instanceof WebAssembly.CompileError)) {
        throw error;
      }
    }
  }
  const program = await import(assets["app.js"]);
  program.main([]);
  document.documentElement.dataset.engine = "js";
}

watch();
try {
  await start();
} catch (error) {
  crash("crash.start", error);
}
