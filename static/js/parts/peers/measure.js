// One task by one library, timed and checked.
import * as tasks from "./tasks.js";

const WARM_UPS = 5;
const STEPS = 10;
const LIBRARIES = { tfjs: () => import("./tensorflow.js"), jax: () => import("./jax.js") };

/** { median, min, max, unit, ok } of a task ("matmul", "tanh", "step784", "step2", "stepConv", "scalar") by "tfjs-wasm" and the like. */
export async function measure({ task, n, by, every, times }) {
  const [library, device] = by.split("-");
  const peer = await (await LIBRARIES[library]()).start(device);
  const subject = await MAKERS[task.replace(/\d*$|Conv$/, "")](peer, { task, n, every: every || 1 });
  try {
    const ok = await subject.isRight();
    for (let i = 0; i < WARM_UPS; i++) {
      await subject.run();
    }
    const taken = [];
    for (let i = 0; i < times; i++) {
      const start = performance.now();
      await subject.run();
      taken.push((performance.now() - start) / (subject.parts ?? 1));
    }
    taken.sort((a, b) => a - b);
    return { median: taken[times >> 1], min: taken[0], max: taken[times - 1], unit: "ms", ok };
  } finally {
    subject.close();
  }
}

const MAKERS = {
  matmul(peer, { n }) {
    const a = tasks.numbers(n * n, 1);
    const b = tasks.numbers(n * n, 2);
    const { run, close } = peer.matmul(a, b, n);
    return {
      run,
      close,
      isRight: async () => {
        const product = await run();
        const sample = tasks.matmulSample(a, b, n);
        return tasks.isClose(sample.map(([place]) => product[place]), sample.map(([, value]) => value), 1e-5);
      },
    };
  },
  tanh(peer, { n }) {
    const [x, w, b] = [1, 2, 3].map((seed) => tasks.numbers(n, seed));
    const subject = peer.tanh(x, w, b);
    return {
      ...subject,
      isRight: async () => {
        const sum = await subject.run();
        const [slope, shift] = await subject.gradients();
        const expected = tasks.tanhReference(x, w, b);
        return Math.abs(sum - expected.sum) < 1e-6 * n
          && tasks.isClose(expected.places.map(([i]) => slope[i]), expected.places.map(([, value]) => value), 1e-5)
          && tasks.isClose(expected.places.map(([i]) => shift[i]), expected.places.map(([, , value]) => value), 1e-5);
      },
    };
  },
  step(peer, { task, every }) {
    const network = tasks.network(task);
    const subject = peer.train(network);
    return {
      parts: STEPS,
      close: subject.close,
      run: async () => {
        for (let i = 1; i <= STEPS; i++) {
          await subject.step(i % every === 0);
        }
      },
      isRight: async () => {
        const losses = [];
        for (let i = 0; i < 5; i++) {
          losses.push(await subject.step(true));
        }
        return tasks.isClose(losses, tasks.trainReference(network, 5), 1e-4);
      },
    };
  },
  scalar(peer, { n }) {
    const { run, close } = peer.scalar(n);
    return { run, close, isRight: async () => tasks.isClose([await run()], [tasks.scalarReference(n)], 1e-3) };
  },
};
