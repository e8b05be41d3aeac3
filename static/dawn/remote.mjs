// WebGPU as a worker thread sees it while another thread holds it (host.mjs): every call is noted, and the notes are
// sent when an answer is needed. So the worker can wait for memory, `GPUBuffer.mapSync`, while the other thread's event
// loop goes on; Dawn's own objects could only be awaited.
import { receiveMessageOnPort } from "node:worker_threads";

const PROMISES = ["requestAdapter", "requestDevice", "mapAsync", "onSubmittedWorkDone", "popErrorScope"];
const UNANSWERED = ["destroy", "unmap", "end", "submit", "writeBuffer", "pushErrorScope", "setPipeline", "setBindGroup",
  "dispatchWorkgroups", "copyBufferToBuffer", "clearBuffer"];

let port;
let flag;
let calls = [];
let last = 0;
const waiting = new Map();
const devices = new Map();
const gone = new FinalizationRegistry((id) => calls.push({ id, method: "forget" }));

/** An error that the device tells of. */
class GPUError {
  constructor(message) {
    this.message = message;
  }
}
class GPUValidationError extends GPUError {}
class GPUOutOfMemoryError extends GPUError {}
class GPUInternalError extends GPUError {}
const ERRORS = { GPUValidationError, GPUOutOfMemoryError, GPUInternalError };

class GPUBuffer {
  mapSync(mode, offset, size) {
    flush({ id: this.id, method: "read", args: [mode, offset, size] });
    Atomics.wait(flag, 0, 0);
    Atomics.store(flag, 0, 0);
    for (;;) {
      const { message } = receiveMessageOnPort(port);
      if (message.read) {
        if (message.error) {
          throw new Error(message.error);
        }
        this.mapped = message.read;
        return;
      }
      hear(message);
    }
  }

  getMappedRange() {
    return this.mapped;
  }
}

function plain(value) {
  if (value?.id !== undefined && value.remote) {
    return { remote: value.id };
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (ArrayBuffer.isView(value)) {
    return value.slice();
  }
  if (value !== null && typeof value === "object" && !(value instanceof ArrayBuffer)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}

function flush(call) {
  if (call) {
    calls.push(call);
  }
  if (calls.length) {
    port.postMessage(calls);
    calls = [];
  }
}

/** An object of the other thread: what is not known here of it is a method. */
function remote(id, known = {}, prototype = Object.prototype) {
  const target = Object.assign(Object.create(prototype), known, { id, remote: true });
  const object = new Proxy(target, {
    get(self, name) {
      if (name in self || typeof name === "symbol" || name === "then") {
        return self[name];
      }
      return (...args) => call(self, name, args);
    },
  });
  gone.register(object, id);
  return object;
}

function call(self, method, args) {
  const result = ++last;
  const note = { id: self.id, method, args: plain(args), result };
  if (PROMISES.includes(method)) {
    flush(note);
    return new Promise((done, failed) => waiting.set(result, { done, failed, self }));
  }
  calls.push(note);
  if (method === "submit") {
    flush();
  }
  const prototype = method === "createBuffer" ? GPUBuffer.prototype : undefined;
  return UNANSWERED.includes(method) ? undefined : remote(result, {}, prototype);
}

function hear({ id, value, error, kind, lost, uncaptured }) {
  if (uncaptured) {
    const failure = new (ERRORS[uncaptured] ?? GPUError)(value);
    devices.get(id).listeners.forEach((listener) => listener({ error: failure, preventDefault() {} }));
    return;
  }
  if (lost) {
    devices.get(id).lose(lost);
    return;
  }
  const { done, failed, self } = waiting.get(id);
  waiting.delete(id);
  if (error) {
    failed(new Error(error));
  } else if (kind === "adapter") {
    done(value === null ? null : remote(id, value));
  } else if (kind === "device") {
    done(device(id, value));
  } else if (kind === "mapped") {
    self.mapped = value;
    done();
  } else if (kind === "error") {
    done(value === null ? null : new (ERRORS[value.name] ?? GPUError)(value.message));
  } else {
    done();
  }
}

function device(id, known) {
  const listeners = [];
  let lose;
  const lost = new Promise((done) => lose = done);
  devices.set(id, { listeners, lose });
  const { queue, ...told } = known;
  const addEventListener = (_, listener) => listeners.push(listener);
  return remote(id, { ...told, lost, queue: remote(queue), addEventListener });
}

/** Puts `navigator.gpu` and its classes into this worker. */
export function install(channel, shared) {
  port = channel;
  flag = new Int32Array(shared);
  port.on("message", hear);
  Object.assign(globalThis, { GPUBuffer, GPUError, ...ERRORS });
  Object.defineProperty(globalThis, "navigator", { value: { gpu: remote(0) }, configurable: true });
}
