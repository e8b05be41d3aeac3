// Starts the engine and the playground: as WebAssembly where the browser runs it, else as JavaScript.
// `?engine=js` asks for the JavaScript build.
import { load } from "teavm-runtime";
import { crash, watch } from "./parts/crash.js";

const assets = globalThis.backstepAssets;

async function start() {
  if (new URLSearchParams(location.search).get("engine") !== "js") {
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
