// A small network as TensorFlow Playground keeps one, for comparison on bench.html: an object for every neuron and for
// every link; one example after the other goes forward and back through them, and after a batch plain SGD moves the
// weights. Written for these measurements; only the method is the Playground's.
class Link {
  constructor(from, to, weight) {
    this.from = from;
    this.to = to;
    this.weight = weight;
    this.derivative = 0;
    this.sum = 0;
    this.count = 0;
  }
}

class Neuron {
  constructor(activation) {
    this.activation = activation;
    this.into = [];
    this.out = [];
    this.bias = 0.1;
    this.output = 0;
    this.total = 0;
    this.outputDerivative = 0;
    this.inputDerivative = 0;
    this.sum = 0;
    this.count = 0;
  }

  forward() {
    this.total = this.bias;
    for (const link of this.into) {
      this.total += link.weight * link.from.output;
    }
    this.output = this.activation.of(this.total);
    return this.output;
  }
}

const TANH = {
  of: (x) => Math.tanh(x),
  derivative: (x) => {
    const y = Math.tanh(x);
    return 1 - y * y;
  },
};
const LINEAR = { of: (x) => x, derivative: () => 1 };

/** Layers of neurons, all linked: `network([2, 8, 8, 1], random)`. */
export function network(widths, random) {
  const layers = [];
  widths.forEach((width, depth) => {
    const layer = [];
    for (let i = 0; i < width; i++) {
      const neuron = new Neuron(depth === widths.length - 1 ? LINEAR : TANH);
      for (const before of depth > 0 ? layers[depth - 1] : []) {
        const link = new Link(before, neuron, random());
        before.out.push(link);
        neuron.into.push(link);
      }
      layer.push(neuron);
    }
    layers.push(layer);
  });
  return layers;
}

/** The prediction for one example. */
export function forward(layers, example) {
  layers[0].forEach((neuron, i) => {
    neuron.output = example[i];
  });
  for (const layer of layers.slice(1)) {
    for (const neuron of layer) {
      neuron.forward();
    }
  }
  return layers.at(-1)[0].output;
}

/** Adds the derivatives of half the squared error of the example that went forward last. */
function backward(layers, target) {
  const last = layers.at(-1)[0];
  last.outputDerivative = last.output - target;
  for (let depth = layers.length - 1; depth > 0; depth--) {
    for (const neuron of layers[depth]) {
      neuron.inputDerivative = neuron.outputDerivative * neuron.activation.derivative(neuron.total);
      neuron.sum += neuron.inputDerivative;
      neuron.count++;
      for (const link of neuron.into) {
        link.derivative = neuron.inputDerivative * link.from.output;
        link.sum += link.derivative;
        link.count++;
      }
    }
    for (const neuron of depth > 1 ? layers[depth - 1] : []) {
      neuron.outputDerivative = 0;
      for (const link of neuron.out) {
        neuron.outputDerivative += link.weight * link.to.inputDerivative;
      }
    }
  }
}

function update(layers, rate) {
  for (const layer of layers.slice(1)) {
    for (const neuron of layer) {
      neuron.bias -= rate * neuron.sum / neuron.count;
      neuron.sum = 0;
      neuron.count = 0;
      for (const link of neuron.into) {
        link.weight -= rate * link.sum / link.count;
        link.sum = 0;
        link.count = 0;
      }
    }
  }
}

/** A step over a batch. */
export function step(layers, examples, targets, rate) {
  examples.forEach((example, i) => {
    forward(layers, example);
    backward(layers, targets[i]);
  });
  update(layers, rate);
}

/** The mean squared error. */
export function error(layers, examples, targets) {
  return examples.reduce((sum, example, i) => sum + (forward(layers, example) - targets[i]) ** 2, 0)
    / examples.length;
}
