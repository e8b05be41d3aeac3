// What is measured beside other libraries: the same numbers for all, and what comes out in float64.

/** Numbers between -1 and 1, the same each time. */
export function numbers(count, seed = 12345) {
  const list = new Float32Array(count);
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    list[i] = (state >>> 8) / (1 << 23) - 1;
  }
  return list;
}

/** Whether all are within a share of the largest. */
export function isClose(actual, expected, share) {
  let largest = 1e-30;
  for (const value of expected) {
    largest = Math.max(largest, Math.abs(value));
  }
  return actual.length === expected.length
    && expected.every((value, i) => Math.abs(actual[i] - value) <= share * largest);
}

/** Some elements of the product of two n x n matrices: [place, number] each. */
export function matmulSample(a, b, n) {
  return Array.from({ length: 500 }, (_, i) => {
    const row = (i * 7919) % n;
    const column = (i * 104729) % n;
    let sum = 0;
    for (let k = 0; k < n; k++) {
      sum += a[row * n + k] * b[k * n + column];
    }
    return [row * n + column, sum];
  });
}

/** sum(tanh(x * w + b)), and what of it the gradients to w and b are at some places. */
export function tanhReference(x, w, b) {
  let sum = 0;
  const places = [];
  for (let i = 0; i < x.length; i++) {
    const y = Math.tanh(x[i] * w[i] + b[i]);
    sum += y;
    if (i % 997 === 0) {
      places.push([i, x[i] * (1 - y * y), 1 - y * y]);
    }
  }
  return { sum, places };
}

/** The networks: widths, batch, activation and loss, and where they start. */
export function network(name) {
  if (name === "stepConv") {
    return convolutional();
  }
  const large = name === "step784";
  const widths = large ? [784, 256, 256, 10] : [2, 8, 8, 1];
  const batch = large ? 64 : 32;
  const layers = widths.slice(1).map((width, i) => ({
    rows: widths[i],
    columns: width,
    weight: numbers(widths[i] * width, 100 + i).map((value) => value / Math.sqrt(widths[i])),
    bias: numbers(width, 200 + i).map((value) => value / Math.sqrt(widths[i])),
  }));
  const x = numbers(batch * widths[0], 300);
  const last = widths.at(-1);
  const y = new Float32Array(batch * last);
  for (let i = 0; i < batch; i++) {
    if (large) {
      y[i * last + (i * 7) % last] = 1;
    } else {
      y[i] = x[2 * i] * x[2 * i + 1] > 0 ? 1 : 0;
    }
  }
  return { widths, batch, layers, x, y, relu: large, crossEntropy: large, rate: 1e-3 };
}

/** Two convolutions with 5 x 5 windows, each with relu and the largest of 2 x 2, and a layer to ten classes. */
function convolutional() {
  const batch = 32;
  const size = 28;
  const classes = 10;
  const kernel = 5;
  const layer = (rows, columns, seed) => ({
    rows,
    columns,
    weight: numbers(rows * columns, seed).map((value) => value / Math.sqrt(rows)),
    bias: numbers(columns, seed + 100).map((value) => value / Math.sqrt(rows)),
  });
  let channels = 1;
  let extent = size;
  // Weights lie as PyTorch has them: channels out, channels in, window.
  const convolutions = [8, 16].map((out, i) => {
    const made = { ...layer(channels * kernel * kernel, out, 400 + i), channels, out, kernel, extent };
    channels = out;
    extent = (extent - kernel + 1) / 2;
    return made;
  });
  const rows = channels * extent * extent;
  const y = new Float32Array(batch * classes);
  for (let i = 0; i < batch; i++) {
    y[i * classes + (i * 7) % classes] = 1;
  }
  return {
    widths: [rows, classes], batch, size, convolutions, layers: [{ ...layer(rows, classes, 410), channels, extent }],
    x: numbers(batch * size * size, 300), y, relu: true, crossEntropy: true, rate: 1e-3,
  };
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;
export const ADAM = { BETA1, BETA2, EPSILON };

/** The losses of the first steps of Adam, in float64. */
export function trainReference(task, steps) {
  const params = [...(task.convolutions ?? []), ...task.layers].flatMap(({ weight, bias }) => [Float64Array.from(weight), Float64Array.from(bias)]);
  const means = params.map((param) => new Float64Array(param.length));
  const squares = params.map((param) => new Float64Array(param.length));
  const losses = [];
  for (let step = 1; step <= steps; step++) {
    const { loss, gradients } = task.convolutions ? throughImages(task, params)
      : lossAndGradients(task, params, task.x);
    losses.push(loss);
    params.forEach((param, p) => {
      for (let i = 0; i < param.length; i++) {
        const g = gradients[p][i];
        means[p][i] = BETA1 * means[p][i] + (1 - BETA1) * g;
        squares[p][i] = BETA2 * squares[p][i] + (1 - BETA2) * g * g;
        param[i] -= task.rate * (means[p][i] / (1 - BETA1 ** step))
          / (Math.sqrt(squares[p][i] / (1 - BETA2 ** step)) + EPSILON);
      }
    });
  }
  return losses;
}

function throughImages(task, params) {
  const { batch, convolutions } = task;
  const steps = [];
  let x = Float64Array.from(task.x);
  convolutions.forEach((shape, l) => {
    const sums = convolved(x, params[2 * l], params[2 * l + 1], shape, batch);
    const { top, places } = pooled(sums, shape, batch);
    steps.push({ x, places, sums });
    x = top;
  });
  const count = 2 * convolutions.length;
  const head = lossAndGradients(task, params.slice(count), x);
  const gradients = head.gradients;
  let back = head.toInput;
  for (let l = convolutions.length - 1; l >= 0; l--) {
    const { x: input, places, sums } = steps[l];
    const toSums = new Float64Array(sums.length);
    places.forEach((place, i) => {
      toSums[place] += sums[place] > 0 ? back[i] : 0;
    });
    const found = convolvedBack(input, params[2 * l], toSums, convolutions[l], batch);
    gradients.unshift(found.weight, found.bias);
    back = found.toInput;
  }
  return { loss: head.loss, gradients };
}

/** Calls of (place of the sum, of the weight, of the input, channel out) for every product of a convolution. */
function eachProduct({ channels, out, kernel, extent }, batch, call) {
  const places = extent - kernel + 1;
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < out; o++) {
      for (let i = 0; i < places; i++) {
        for (let j = 0; j < places; j++) {
          const sum = ((n * out + o) * places + i) * places + j;
          for (let c = 0; c < channels; c++) {
            for (let p = 0; p < kernel; p++) {
              for (let q = 0; q < kernel; q++) {
                call(sum, ((o * channels + c) * kernel + p) * kernel + q,
                  ((n * channels + c) * extent + i + p) * extent + j + q);
              }
            }
          }
        }
      }
    }
  }
}

function convolved(x, weight, bias, shape, batch) {
  const places = shape.extent - shape.kernel + 1;
  const sums = Float64Array.from({ length: batch * shape.out * places * places },
    (_, i) => bias[Math.floor(i / (places * places)) % shape.out]);
  eachProduct(shape, batch, (sum, w, at) => {
    sums[sum] += weight[w] * x[at];
  });
  return sums;
}

function convolvedBack(x, weight, back, shape, batch) {
  const places = shape.extent - shape.kernel + 1;
  const found = { weight: new Float64Array(weight.length), bias: new Float64Array(shape.out),
    toInput: new Float64Array(x.length) };
  back.forEach((g, i) => {
    found.bias[Math.floor(i / (places * places)) % shape.out] += g;
  });
  eachProduct(shape, batch, (sum, w, at) => {
    found.weight[w] += back[sum] * x[at];
    found.toInput[at] += back[sum] * weight[w];
  });
  return found;
}

/** The largest of 2 x 2 each, not below zero, and where it is. */
function pooled(sums, { out, kernel, extent }, batch) {
  const wide = extent - kernel + 1;
  const half = wide / 2;
  const top = new Float64Array(batch * out * half * half);
  const places = top.map((_, at) => {
    const plane = Math.floor(at / (half * half)) * wide * wide;
    const first = plane + 2 * Math.floor(at / half % half) * wide + 2 * (at % half);
    return [first + 1, first + wide, first + wide + 1].reduce((best, i) => sums[i] > sums[best] ? i : best, first);
  });
  places.forEach((place, at) => {
    top[at] = Math.max(sums[place], 0);
  });
  return { top, places };
}

function lossAndGradients(task, params, x) {
  const { widths, batch } = task;
  const layers = widths.length - 1;
  const values = [Float64Array.from(x)];
  for (let l = 0; l < layers; l++) {
    const out = new Float64Array(batch * widths[l + 1]);
    for (let i = 0; i < batch; i++) {
      for (let j = 0; j < widths[l + 1]; j++) {
        let sum = params[2 * l + 1][j];
        for (let k = 0; k < widths[l]; k++) {
          sum += values[l][i * widths[l] + k] * params[2 * l][k * widths[l + 1] + j];
        }
        out[i * widths[l + 1] + j] = l === layers - 1 ? sum : task.relu ? Math.max(sum, 0) : Math.tanh(sum);
      }
    }
    values.push(out);
  }
  const { loss, gradient } = task.crossEntropy ? crossEntropy(values.at(-1), task.y, batch) : squared(values.at(-1), task.y);
  const gradients = [];
  let back = gradient;
  for (let l = layers - 1; l >= 0; l--) {
    const weight = new Float64Array(params[2 * l].length);
    const bias = new Float64Array(widths[l + 1]);
    const before = new Float64Array(batch * widths[l]);
    for (let i = 0; i < batch; i++) {
      for (let j = 0; j < widths[l + 1]; j++) {
        const g = back[i * widths[l + 1] + j];
        bias[j] += g;
        for (let k = 0; k < widths[l]; k++) {
          weight[k * widths[l + 1] + j] += values[l][i * widths[l] + k] * g;
          before[i * widths[l] + k] += params[2 * l][k * widths[l + 1] + j] * g;
        }
      }
    }
    gradients.unshift(weight, bias);
    back = l === 0 ? before
      : before.map((g, i) => g * (task.relu ? (values[l][i] > 0 ? 1 : 0) : 1 - values[l][i] ** 2));
  }
  return { loss, gradients, toInput: back };
}

function crossEntropy(logits, y, batch) {
  const width = logits.length / batch;
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  for (let i = 0; i < batch; i++) {
    const row = logits.subarray(i * width, (i + 1) * width);
    const largest = Math.max(...row);
    const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0);
    for (let j = 0; j < width; j++) {
      const logP = row[j] - largest - Math.log(sum);
      loss -= y[i * width + j] * logP / batch;
      gradient[i * width + j] = (Math.exp(logP) - y[i * width + j]) / batch;
    }
  }
  return { loss, gradient };
}

function squared(out, y) {
  const loss = out.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / out.length;
  return { loss, gradient: out.map((value, i) => 2 * (value - y[i]) / out.length) };
}

/** The graph of n single numbers: which two earlier ones each is made of. */
export const partner = (i) => (i * 7919) % i;

/** The derivative of the last of n numbers by the first. */
export function scalarReference(n) {
  const v = new Float64Array(n + 1);
  v[0] = 0.5;
  for (let i = 1; i <= n; i++) {
    v[i] = i % 3 === 0 ? v[i - 1] + v[partner(i)] : i % 3 === 1 ? v[i - 1] * v[partner(i)] : Math.tanh(v[i - 1]);
  }
  const g = new Float64Array(n + 1);
  g[n] = 1;
  for (let i = n; i > 0; i--) {
    if (i % 3 === 0) {
      g[i - 1] += g[i];
      g[partner(i)] += g[i];
    } else if (i % 3 === 1) {
      g[i - 1] += g[i] * v[partner(i)];
      g[partner(i)] += g[i] * v[i - 1];
    } else {
      g[i - 1] += g[i] * (1 - v[i] * v[i]);
    }
  }
  return g[0];
}
