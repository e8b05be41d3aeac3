// The tasks in jax-js. It counts references: what is used once more is handed on as `.ref`.
import { defaultDevice, grad, init, jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { ADAM, partner } from "./tasks.js";

export async function start(device) {
  const there = await init(device);
  if (!there.includes(device)) {
    throw new Error(`jax-js has no ${device} here`);
  }
  defaultDevice(device);
  return { matmul, tanh, train, scalar };
}

const array = (values, shape) => np.array(values.slice()).reshape(shape);

function matmul(a, b, n) {
  const left = array(a, [n, n]);
  const right = array(b, [n, n]);
  return {
    run: () => np.matmul(left.ref, right.ref).data(),
    close: () => {
      left.dispose();
      right.dispose();
    },
  };
}

function tanh(x, w, b) {
  const given = [x, w, b].map((values) => array(values, [values.length]));
  const both = jit(valueAndGrad((at, slope, shift) => np.sum(np.tanh(at.mul(slope).add(shift))), { argnums: [1, 2] }));
  let last = [];
  return {
    run: async () => {
      last.forEach((gradient) => gradient.dispose());
      const [value, gradients] = both(...given.map((values) => values.ref));
      last = gradients;
      return (await value.data())[0];
    },
    gradients: () => Promise.all(last.map((gradient) => gradient.ref.data())),
    close: () => [...given, ...last].forEach((values) => values.dispose()),
  };
}

function train(task) {
  const convolutions = task.convolutions ?? [];
  const x = array(task.x, convolutions.length ? [task.batch, 1, task.size, task.size] : [task.batch, task.widths[0]]);
  const y = array(task.y, [task.batch, task.widths.at(-1)]);
  let params = [
    ...convolutions.flatMap(({ channels, out, kernel, weight, bias }) => [
      array(weight, [out, channels, kernel, kernel]), array(bias, [out])]),
    ...task.layers.flatMap(({ rows, columns, weight, bias }) => [array(weight, [rows, columns]), array(bias, [columns])]),
  ];
  let means = params.map((param) => np.zeros(param.shape));
  let squares = params.map((param) => np.zeros(param.shape));
  const loss = (weights, at, target) => {
    let value = at;
    convolutions.forEach(({ out, extent, kernel }, i) => {
      const sums = lax.conv(value, weights[2 * i], [1, 1], "VALID").add(weights[2 * i + 1].reshape([out, 1, 1]));
      const half = (extent - kernel + 1) / 2;
      value = np.max(nn.relu(sums).reshape([task.batch, out, half, 2, half, 2]), [3, 5]);
    });
    value = convolutions.length ? value.reshape([task.batch, task.widths[0]]) : value;
    for (let i = 2 * convolutions.length; i < weights.length; i += 2) {
      value = np.matmul(value, weights[i]).add(weights[i + 1]);
      if (i < weights.length - 2) {
        value = task.relu ? nn.relu(value) : np.tanh(value);
      }
    }
    return task.crossEntropy
      ? np.sum(nn.logSoftmax(value).mul(target)).mul(-1 / task.batch)
      : np.mean(np.square(value.sub(target)));
  };
  const gradients = valueAndGrad(loss);
  const advance = jit((weights, m, v, one, two, at, target) => {
    const [value, all] = gradients(weights.map((weight) => weight.ref), at, target);
    const nextM = m.map((mean, i) => mean.mul(ADAM.BETA1).add(all[i].ref.mul(1 - ADAM.BETA1)));
    const nextV = v.map((square, i) => square.mul(ADAM.BETA2).add(np.square(all[i]).mul(1 - ADAM.BETA2)));
    const next = weights.map((weight, i) => weight.sub(nextM[i].ref.mul(one.ref).mul(task.rate)
      .div(np.sqrt(nextV[i].ref.mul(two.ref)).add(ADAM.EPSILON))));
    one.dispose();
    two.dispose();
    return [value, next, nextM, nextV];
  });
  let step = 0;
  return {
    step: async (read) => {
      step++;
      const [value, ...state] = advance(params, means, squares, np.array(1 / (1 - ADAM.BETA1 ** step)),
        np.array(1 / (1 - ADAM.BETA2 ** step)), x.ref, y.ref);
      [params, means, squares] = state;
      if (read) {
        return (await value.data())[0];
      }
      value.dispose();
      return undefined;
    },
    close: () => [x, y, ...params, ...means, ...squares].forEach((values) => values.dispose()),
  };
}

function scalar(n) {
  const gradient = grad((first) => {
    const v = [first];
    for (let i = 1; i <= n; i++) {
      const before = v[i - 1].ref;
      v.push(i % 3 === 0 ? before.add(v[partner(i)].ref) : i % 3 === 1 ? before.mul(v[partner(i)].ref) : np.tanh(before));
    }
    const last = v[n].ref;
    v.forEach((value) => value.dispose());
    return last;
  });
  return { run: async () => (await gradient(np.array(0.5)).data())[0], close: () => {} };
}
