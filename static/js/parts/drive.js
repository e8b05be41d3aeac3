// Moves about in an editor as a hand does, and takes the time of each frame it makes.

const WARM_UPS = 8;

/**
 * Pans, zooms, drags, nudges or steps back, one move a frame. A subject is { stage, node(), fit(), back() }: the element that
 * takes the pointer, the element of a node to look at, showing all, and one step back.
 *
 * A move comes before the frame's callbacks, as the browser hands out what a hand does, so that each frame shows one.
 * "Main" is the time on the main thread of the move, and from the start of the frame's callbacks to the first task after
 * the frame was painted: the editor's script, style, layout, paint and handing over. It does not hold the hit test that
 * the browser makes for a real pointer, nor rasterising, which other threads do.
 */
export async function drive(subject, gesture, moves) {
  subject.fit();
  await nextFrame();
  await nextFrame();
  const before = subject.node().getBoundingClientRect();
  const { move, isRight, end } = gestures[gesture](subject, before, WARM_UPS + moves);
  const taken = await frames(WARM_UPS + moves, move);
  await nextFrame();
  await nextFrame();
  const ok = isRight(subject.node().getBoundingClientRect());
  await end();
  const main = taken.main.slice(WARM_UPS).sort((a, b) => a - b);
  const frame = taken.frame.slice(WARM_UPS).sort((a, b) => a - b);
  return {
    median: main[main.length >> 1], min: main[0], max: main[main.length - 1], unit: "ms",
    frame: frame[frame.length >> 1], slowFrame: frame[Math.floor(frame.length * 0.95)],
    frames: WARM_UPS + moves, ok,
  };
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

function frames(count, move) {
  return new Promise((resolve) => {
    const main = [];
    const frame = [];
    const { port1, port2 } = new MessageChannel();
    let last = 0;
    let moving = 0;
    const makeMove = () => {
      // Asked for before the editor asks, so that the editor's callback is timed too.
      requestAnimationFrame(tick);
      const began = performance.now();
      move(main.length);
      moving = performance.now() - began;
    };
    const tick = (time) => {
      frame.push(time - last);
      last = time;
      port2.postMessage(performance.now() - moving);
    };
    port1.onmessage = ({ data: began }) => {
      main.push(performance.now() - began);
      if (main.length === count) {
        resolve({ main, frame });
      } else {
        makeMove();
      }
    };
    requestAnimationFrame((time) => {
      last = time;
      setTimeout(makeMove);
    });
  });
}

/** There and back again, in a wide curve: where the hand is after i of so many moves, from where it began. */
function path(i, moves) {
  const turn = 2 * Math.PI * i / moves;
  return [Math.round(90 * Math.sin(turn)), Math.round(60 * (1 - Math.cos(turn)))];
}

const gestures = {
  pan(subject, before, moves) {
    return dragging(ground(subject.stage), before, moves);
  },

  drag(subject, before, moves) {
    const { x, y } = grip(before);
    return dragging({ x, y, target: document.elementFromPoint(x, y) }, before, moves);
  },

  /** In, and out again by as much, as each editor rounds it. */
  zoom(subject, before, moves) {
    const box = subject.stage.getBoundingClientRect();
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const target = document.elementFromPoint(x, y);
    const half = moves >> 1;
    let width = 0;
    return {
      move(i) {
        if (i === half) {
          width = subject.node().getBoundingClientRect().width;
        }
        if (i < 2 * half) {
          target.dispatchEvent(new WheelEvent("wheel", { ...at(x, y), deltaY: i < half ? -30 : 30 }));
        }
      },
      end() {},
      isRight: (after) => width > before.width * 1.1 && width > after.width * 1.1,
    };
  },

  /** Selects the node and moves it by keys, each an edit: to the right, and back again but for some. */
  nudge(subject, before, moves) {
    const node = subject.node();
    const there = (moves >> 1) + 3;
    const press = (key) => node.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, key }));
    const { x, y } = grip(before);
    send("down", node, x, y, 1);
    send("up", node, x, y, 0);
    const back = moves - there;
    const nudge = 8 * before.width / node.offsetWidth;
    return {
      move: (i) => press(i < there ? "ArrowRight" : "ArrowLeft"),
      async end() {
        for (let i = back; i < there; i++) {
          press("ArrowLeft");
        }
        await nextFrame();
      },
      isRight: (after) => Math.abs(after.left - before.left - (there - back) * nudge) < 1,
    };
  },

  step(subject) {
    return { move: () => subject.back(), end() {}, isRight: () => true };
  },
};

/** Where one takes a node. */
const grip = (box) => ({ x: box.left + box.width * 0.4, y: box.top + box.height * 0.12 });

function dragging(start, before, moves) {
  let toX = 0;
  let toY = 0;
  send("down", start.target, start.x, start.y, 1);
  return {
    move(i) {
      // Ends aside, so that it shows whether what was moved followed.
      [toX, toY] = i === moves - 1 ? [40, 24] : path(i, moves);
      send("move", start.target, start.x + toX, start.y + toY, 1);
    },
    async end() {
      send("move", start.target, start.x + 1, start.y, 1);
      await nextFrame();
      await nextFrame();
      send("up", start.target, start.x, start.y, 0);
    },
    // What is dragged may be drawn to a line that it shares with others.
    isRight: (after) => Math.abs(after.left - before.left - toX) < 8 && Math.abs(after.top - before.top - toY) < 8,
  };
}

const at = (x, y) => ({ bubbles: true, cancelable: true, composed: true, clientX: x, clientY: y, view: window });

/** Editors listen to pointers or to mice. */
function send(what, target, x, y, buttons) {
  const how = { ...at(x, y), buttons, button: 0, detail: 1 };
  target.dispatchEvent(new PointerEvent("pointer" + what,
    { ...how, pointerId: 1, pointerType: "mouse", isPrimary: true }));
  target.dispatchEvent(new MouseEvent("mouse" + what, how));
}

/** A place where there is neither node nor edge. */
function ground(stage) {
  const box = stage.getBoundingClientRect();
  for (let y = box.top + 5; y < box.bottom; y += 7) {
    for (let x = box.left + 5; x < box.right; x += 7) {
      const target = document.elementFromPoint(x, y);
      if (target && stage.contains(target) && !target.closest("[data-node], [data-edge], .x6-cell, .minimap")) {
        return { x, y, target };
      }
    }
  }
  throw new Error("the whole ground is covered");
}
