// Runs as a worker, started when somebody trains: the same program as the page's, which finds no document here and
// listens. The page's first message says where it lies.
import { load } from "teavm-runtime";

async function start({ engine, wasm, js }) {
  if (engine === "wasm") {
    (await load(wasm)).exports.main([]);
  } else {
    (await import(js)).main([]);
  }
}

// What fails later, in a promise, must reach the page as an error too.
addEventListener("unhandledrejection", (event) => {
  setTimeout(() => { throw event.reason; });
});
addEventListener("message", (event) => start(event.data), { once: true });
