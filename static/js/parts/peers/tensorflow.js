// The tasks in TensorFlow.js.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm";
import { ADAM, partner } from "./tasks.js";

const here = (file) => new URL(file, import.meta.url).href;

export async function start(device) {
  setWasmPaths({
    "tfjs-backend-wasm.wasm": here(plain),
    "tfjs-backend-wasm-simd.wasm": here(simd),
    "tfjs-backend-wasm-threaded-simd.wasm": here(threaded),
  });
  if (!await tf.setBackend(device)) {
    throw new Error(`TensorFlow.js has no backend ${device} here`);
  }
  await tf.ready();
  return { matmul, tanh, train, scalar };
}

async function take(tensor) {
  const data = await tensor.data();
  tensor.dispose();
  return data;
}

function matmul(a, b, n) {
  const left = tf.tensor2d(a, [n, n]);
  const right = tf.tensor2d(b, [n, n]);
  return { run: () => take(tf.matMul(left, right)), close: () => tf.dispose([left, right]) };
}

function tanh(x, w, b) {
  const given = tf.tensor1d(x);
  const params = [tf.tensor1d(w), tf.tensor1d(b)];
  const both = tf.valueAndGrads((slope, shift) => tf.sum(tf.tanh(tf.add(tf.mul(given, slope), shift))));
  let last = [];
  return {
    run: async () => {
      tf.dispose(last);
      const { value, grads } = both(params);
      last = grads;
      return (await take(value))[0];
    },
    gradients: () => Promise.all(last.map((gradient) => gradient.data())),
    close: () => tf.dispose([given, params, last]),
  };
}

function train(task) {
  const x = task.convolutions ? tf.tensor4d(task.x, [task.batch, task.size, task.size, 1])
    : tf.tensor2d(task.x, [task.batch, task.widths[0]]);
  const y = tf.tensor2d(task.y, [task.batch, task.widths.at(-1)]);
  // Here channels come last.
  const convolutions = (task.convolutions ?? []).map(({ channels, out, kernel, weight, bias }) => [
    tf.variable(tf.transpose(tf.tensor4d(weight, [out, channels, kernel, kernel]), [2, 3, 1, 0])),
    tf.variable(tf.tensor1d(bias))]);
  const layers = task.layers.map(({ rows, columns, weight, bias, channels, extent }) => [
    tf.variable(channels ? tf.reshape(tf.transpose(tf.tensor4d(weight, [channels, extent, extent, columns]),
      [1, 2, 0, 3]), [rows, columns]) : tf.tensor2d(weight, [rows, columns])),
    tf.variable(tf.tensor1d(bias))]);
  const params = [...convolutions, ...layers].flat();
  const adam = tf.train.adam(task.rate, ADAM.BETA1, ADAM.BETA2, ADAM.EPSILON);
  const loss = () => {
    let value = x;
    convolutions.forEach(([weight, bias]) => {
      value = tf.maxPool(tf.relu(tf.add(tf.conv2d(value, weight, 1, "valid"), bias)), 2, 2, "valid");
    });
    value = task.convolutions ? tf.reshape(value, [task.batch, task.widths[0]]) : value;
    layers.forEach(([weight, bias], i) => {
      value = tf.add(tf.matMul(value, weight), bias);
      if (i < layers.length - 1) {
        value = task.relu ? tf.relu(value) : tf.tanh(value);
      }
    });
    return task.crossEntropy ? tf.losses.softmaxCrossEntropy(y, value) : tf.losses.meanSquaredError(y, value);
  };
  return {
    step: async (read) => {
      const value = adam.minimize(loss, true, params);
      if (read) {
        return (await take(value))[0];
      }
      value.dispose();
      return undefined;
    },
    close: () => tf.dispose([x, y, params]),
  };
}

function scalar(n) {
  const x = tf.scalar(0.5);
  const gradient = tf.grad((first) => {
    const v = [first];
    for (let i = 1; i <= n; i++) {
      v.push(i % 3 === 0 ? tf.add(v[i - 1], v[partner(i)]) : i % 3 === 1 ? tf.mul(v[i - 1], v[partner(i)]) : tf.tanh(v[i - 1]));
    }
    return v[n];
  });
  return { run: async () => (await take(gradient(x)))[0], close: () => x.dispose() };
}
