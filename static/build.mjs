// Bundles the page: node build.mjs <folder of TeaVM's outputs> [--release | --dev]
//
// Writes dist/: every file but the html pages carries its content's hash in its name, so that it may be cached for
// ever; beside each file that shrinks lie its .br and .gz. With --dev names stay plain but for chunks, and nothing is minified or
// compressed.
//
// --dev takes what is there: the WebAssembly build, and the JavaScript build if it was ever made.
//
// Pages name what they need by its place in this folder ("css/main.css", "js/boot.js", "app.wasm"); the build puts the
// final names in. Scripts find the others in `globalThis.backstepAssets`, by their place:
// {"messages/en.json": "/messages/en-0123456789.json"}.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { withoutEval } from "./build/functions.mjs";
import { guide } from "./build/guide.mjs";

const teavm = process.argv[2];
const dev = process.argv.includes("--dev");
const out = "dist";
const assets = {};
const written = [];

async function main() {
  if (!existsSync(join(teavm, "app.wasm"))) {
    throw new Error(`${teavm} holds no app.wasm: build web-client first (mvn package -Pserve builds everything)`);
  }
  rmSync(out, { recursive: true, force: true });
  copy("app.wasm", readFileSync(join(teavm, "app.wasm")));
  if (!dev || existsSync(join(teavm, "app.js"))) {
    copy("app.js", readFileSync(join(teavm, "app.js")));
  }
  for (const folder of ["data", "examples", "icons", "messages"]) {
    for (const name of files(folder).filter((file) => extname(file) !== ".md")) {
      copy(`${folder}/${name}`, readFileSync(join(folder, name)));
    }
  }
  copy("icons/sprite.svg", Buffer.from(sprite()));
  const runtime = join(teavm, "app.runtime.mjs");
  writeFileSync(runtime, await withoutEval(
    readFileSync(join(teavm, "app.wasm")), readFileSync(join(teavm, "app.wasm-runtime.js"), "utf8")));
  await bundle(entries("css", ".css"));
  const starters = ["js/boot.js", "js/worker.js"];
  await bundle(entries("js", ".js").filter((entry) => !starters.includes(entry)));
  await bundle(["js/worker.js"], { alias: { "teavm-runtime": runtime } });
  await bundle(["js/boot.js"], {
    alias: { "teavm-runtime": runtime },
    banner: {
      js: `globalThis.backstepAssets=${JSON.stringify(assets)};`
        + `globalThis.backstepCrashMessages=${JSON.stringify({ en: crashMessages("en"), zh: crashMessages("zh") })};`,
    },
  });
  const docs = "../docs";
  for (const name of files(`${docs}/guide`)) {
    copy(`guide/${name}`, readFileSync(`${docs}/guide/${name}`));
  }
  for (const page of files(".").filter((name) => extname(name) === ".html")) {
    write(page, named(page, readFileSync(page, "utf8")));
  }
  for (const [name, language] of [["guide", "en"], ["guide.zh", "zh-CN"]]) {
    const html = guide(readFileSync(`${docs}/${name}.md`, "utf8"), language, (picture) => assets[picture]);
    write(`${name}.html`, named(`${name}.html`, html));
  }
  writeFileSync(join(out, "files.json"), JSON.stringify(written.sort(), null, 1));
}

/** The messages that js/parts/crash.js shows, in one language. */
function crashMessages(language) {
  const messages = Object.entries(JSON.parse(readFileSync(`messages/${language}.json`, "utf8")));
  return Object.fromEntries(messages.filter(([key]) => key.startsWith("crash.")));
}

/** The icons that build/icons.json names, each a symbol of one picture: <use href="…sprite.svg#name">. */
function sprite() {
  const symbols = JSON.parse(readFileSync("build/icons.json", "utf8")).map((name) => {
    const icon = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
    const shapes = icon.slice(icon.indexOf(">", icon.indexOf("<svg")) + 1, icon.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide icons, ISC licence -->${symbols.join("")}</svg>`;
}

/** Everything that starts in `folder`: its files of one kind; what they import lies in folders below. */
function entries(folder, extension) {
  return files(folder).filter((name) => extname(name) === extension).map((name) => `${folder}/${name}`);
}

function files(folder) {
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name).sort()
    : [];
}

async function bundle(entryPoints, extra = {}) {
  if (entryPoints.length === 0) {
    return;
  }
  const result = await build({
    entryPoints,
    outdir: out,
    outbase: ".",
    bundle: true,
    format: "esm",
    splitting: true,
    minify: !dev,
    target: ["es2022"],
    entryNames: dev ? "[dir]/[name]" : "[dir]/[name]-[hash]",
    chunkNames: "js/chunks/[name]-[hash]",
    assetNames: dev ? "media/[name]" : "media/[name]-[hash]",
    loader: { ".svg": "file", ".png": "file", ".woff2": "file", ".wasm": "file" },
    external: ["node:*"],
    metafile: true,
    write: false,
    logLevel: "warning",
    ...extra,
  });
  for (const file of result.outputFiles) {
    const path = file.path.slice(join(process.cwd(), out).length + 1).replaceAll("\\", "/");
    write(path, Buffer.from(file.contents));
  }
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    if (output.entryPoint) {
      assets[output.entryPoint] = "/" + path.slice(out.length + 1);
    }
  }
}

/** Writes `bytes` under a name with their hash and notes it in `assets`. */
function copy(name, bytes) {
  const extension = extname(name);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10).toUpperCase();
  const path = dev ? name : `${name.slice(0, -extension.length)}-${hash}${extension}`;
  assets[name] = "/" + path;
  write(path, bytes);
}

/** A page's text with the final names of all it names. */
function named(page, text) {
  return Buffer.from(text.replace(/\b(href|src|content)="([^":#?]+\.\w+)"/g, (all, attribute, name) => {
    if (name in assets) {
      return `${attribute}="${assets[name]}"`;
    }
    if (!name.endsWith(".html") && !name.startsWith("/")) {
      throw new Error(`${page} names ${name}, which is not in static/`);
    }
    return all;
  }));
}

function write(path, bytes) {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
  written.push(path);
  if (dev || [".png", ".woff2", ".ico"].includes(extname(path)) || bytes.length < 256) {
    return;
  }
  const text = extname(path) !== ".wasm";
  writeFileSync(target + ".br", brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_MODE]: text ? constants.BROTLI_MODE_TEXT : constants.BROTLI_MODE_GENERIC,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }));
  writeFileSync(target + ".gz", gzipSync(bytes, { level: 9 }));
}

await main();
