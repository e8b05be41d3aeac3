// Runs `npm ci` unless node_modules already holds what package-lock.json asks for.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const stamp = "node_modules/.backstep-lock";
const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
  process.exit(0);
}
const windows = process.platform === "win32";
const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { stdio: "inherit", shell: windows });
if (npm.status !== 0) {
  console.error("npm ci failed: the npm packages of static/package.json could not be installed.");
  process.exit(1);
}
writeFileSync(stamp, wanted);
