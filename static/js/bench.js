// What bench.html needs besides the program: a hand that drives editors, and another editor to compare with. Loaded into
// the playground, it drives that.
import { app } from "./parts/app.js";
import { drive } from "./parts/drive.js";
import { train } from "./parts/training.js";

globalThis.backstepEditors = {
  app,
  drive,
  train,
  peer: async (stage, document) => (await import("./parts/peer.js")).peer(stage, JSON.parse(document)),
};
