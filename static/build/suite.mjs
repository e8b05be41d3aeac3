// Prepares the suite that TeaVM compiled for a page without 'unsafe-eval': node build/suite.mjs <folder>
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withoutEval } from "./functions.mjs";

const folder = process.argv[2];
writeFileSync(join(folder, "suite.runtime.mjs"), await withoutEval(
  readFileSync(join(folder, "suite.wasm")), readFileSync(join(folder, "suite.wasm-runtime.js"), "utf8")));
