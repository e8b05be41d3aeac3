// Runs as a worker, started when somebody trains: the same program as the page's, which finds no document here and
// listens. The page's first message says where it lies.
import { load } from "teavm-runtime";

// A lock is held until its holder ends, however that comes about, and nothing else ends it: not a long computation, nor
// a page in the background. So who waits for it learns that this worker is gone.
function hold(lock) {
  return new Promise((held) => {
    navigator.locks.request(lock, () => {
      held();
      return new Promise(() => {});
    });
  });
}

async function start({ engine, wasm, js, lock, locked }) {
  // Browsers have locks for safe addresses only: https and localhost.
  if (navigator.locks) {
    await hold(lock);
    postMessage(locked);
  }
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
