// What bench.html needs besides the program: a hand that drives editors, and another editor to compare with.
import { drive } from "./parts/drive.js";
import { train } from "./parts/training.js";

globalThis.backstepEditors = {
  drive,
  train,
  peer: async (stage, document) => (await import("./parts/peer.js")).peer(stage, JSON.parse(document)),
};
