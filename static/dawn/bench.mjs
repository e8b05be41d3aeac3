// The page's own measurements (bench.html), in a thread that has WebGPU.

/** Runs rows of [task, size], tells each, and counts the wrong ones. */
export async function bench(app, rows, say) {
  const attributes = { "data-page": "bench", "data-engine": "js" };
  globalThis.window = globalThis;
  globalThis.document = {
    documentElement: { getAttribute: (name) => attributes[name], setAttribute() {} },
    getElementById: () => null,
  };
  (await import(app)).main([]);
  while (!globalThis.bench) {
    await new Promise((done) => setTimeout(done, 1));
  }
  let wrong = 0;
  for (const [name, n] of rows) {
    const { median, min, max, ok } = await globalThis.bench.run(name, { n, by: "webgpu", times: 10 });
    wrong += ok ? 0 : 1;
    const spread = [median, min, max].map((ms) => ms.toFixed(3));
    say(`${name}${n ? ` ${n}` : ""}: ${spread[0]} ms (${spread[1]} to ${spread[2]})${ok ? "" : ", WRONG"}`);
  }
  return wrong;
}
