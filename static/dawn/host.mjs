// The thread that holds Dawn's WebGPU for a worker (remote.mjs).

/** Does what a worker notes, and answers. */
export function host(gpu, port, shared) {
  const flag = new Int32Array(shared);
  const objects = new Map([[0, gpu]]);
  let queues = -1;

  const real = (value) => {
    if (Array.isArray(value)) {
      return value.map(real);
    }
    if (value === null || typeof value !== "object" || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      return value;
    }
    return value.remote !== undefined ? objects.get(value.remote)
      : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, real(inner)]));
  };

  const limits = (of) => {
    const all = {};
    for (const name in of) {
      all[name] = of[name];
    }
    return all;
  };

  /** Of those that the program asks for: what Dawn gives can only be asked, not walked. */
  const features = (of) => new Set(["subgroups"].filter((name) => of.has(name)));

  const answers = {
    requestAdapter(id, adapter) {
      objects.set(id, adapter);
      const info = adapter?.info;
      return { kind: "adapter", value: adapter && { limits: limits(adapter.limits),
        features: features(adapter.features), info: {
        vendor: info.vendor, architecture: info.architecture, device: info.device, description: info.description,
        isFallbackAdapter: info.isFallbackAdapter } } };
    },
    requestDevice(id, device) {
      objects.set(id, device);
      objects.set(queues, device.queue);
      device.lost.then(({ reason, message }) => port.postMessage({ id, lost: { reason, message } }));
      device.addEventListener("uncapturederror", ({ error }) =>
        port.postMessage({ id, uncaptured: error.constructor.name, value: error.message }));
      return { kind: "device", value: { limits: limits(device.limits),
        features: features(device.features), queue: queues-- } };
    },
    mapAsync(id, _, buffer, [, offset, size]) {
      return { kind: "mapped", value: taken(buffer, offset, size) };
    },
    popErrorScope(id, error) {
      return { kind: "error", value: error && { name: error.constructor.name, message: error.message } };
    },
  };

  const taken = (buffer, offset, size) => {
    const bytes = buffer.getMappedRange(offset, size).slice(0);
    buffer.unmap();
    return bytes;
  };

  const answer = (note, object, args) => object[note.method](...args).then(
    (value) => port.postMessage({ id: note.result, ...answers[note.method]?.(note.result, value, object, args) }),
    (error) => port.postMessage({ id: note.result, error: String(error) }));

  /** The worker stands still until this has come. */
  const read = (buffer, [mode, offset, size]) => buffer.mapAsync(mode, offset, size).then(
    () => port.postMessage({ read: taken(buffer, offset, size) }),
    (error) => port.postMessage({ read: true, error: String(error) })).then(() => {
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  });

  port.on("message", (notes) => {
    for (const note of notes) {
      const object = objects.get(note.id);
      if (note.method === "forget") {
        objects.delete(note.id);
        continue;
      }
      const args = real(note.args);
      if (note.method === "read") {
        read(object, args);
      } else if (note.method in answers || note.method === "onSubmittedWorkDone") {
        answer(note, object, args);
      } else if (note.method === "unmap") {
        // Done when it was read.
      } else {
        objects.set(note.result, object[note.method](...args));
      }
    }
  });
}
