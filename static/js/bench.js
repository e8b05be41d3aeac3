// What bench.html needs besides the program: a hand that drives editors, and other editors and libraries to compare with.
// Loaded into the playground, it drives that.
import { app } from "./parts/app.js";
import { drive } from "./parts/drive.js";
import { latency } from "./parts/latency.js";
import { train } from "./parts/training.js";

globalThis.backstepEditors = {
  app,
  drive,
  train,
  latency,
  measure: async (options) => (await import("./parts/peers/measure.js")).measure(options),
  peer: async (stage, document) => (await import("./parts/peer.js")).peer(stage, JSON.parse(document)),
};
