// The same graph in @antv/x6, for comparison on bench.html: a node is a rectangle with three texts and its ports.
import { Config, Graph } from "@antv/x6";

// Its style sheet is in css/bench.css: the page's policy allows none that a script inserts.
Config.autoInsertCSS = false;

const WIDTH = 176;
const HEIGHT = 100;
const HEAD = 31;

const text = (selector) => ({ tagName: "text", selector });

Graph.registerNode("bench", {
  width: WIDTH,
  height: HEIGHT,
  markup: [{ tagName: "rect", selector: "body" }, text("name"), text("value"), text("grad")],
  attrs: {
    body: { refWidth: "100%", refHeight: "100%", rx: 10, fill: "#fff", stroke: "#dfe2ea", strokeWidth: 1 },
    name: { x: 10, y: 20, fontSize: 13, fill: "#181d29" },
    value: { x: 164, y: 50, fontSize: 12.5, fill: "#181d29", textAnchor: "end" },
    grad: { x: 164, y: 70, fontSize: 12.5, fill: "#c01f5b", textAnchor: "end" },
  },
  ports: {
    groups: {
      in: { position: "absolute", attrs: { circle: { r: 6, magnet: true, fill: "#fff", stroke: "#8a93a6" } } },
      out: { position: "absolute", attrs: { circle: { r: 6, magnet: true, fill: "#fff", stroke: "#8a93a6" } } },
    },
  },
});

/** Shows a document of Backstep's in `stage`, all of it in view. */
export function peer(stage, { nodes, wires }) {
  const container = stage.appendChild(document.createElement("div"));
  container.className = "x6-graph";
  const graph = new Graph({
    container,
    width: stage.clientWidth,
    height: stage.clientHeight,
    grid: { size: 1, visible: false },
    panning: { enabled: true, eventTypes: ["leftMouseDown"] },
    mousewheel: { enabled: true, factor: 1.05, minScale: 0.02, maxScale: 4 },
    scaling: { min: 0.02, max: 4 },
    async: false,
  });
  const inputs = Map.groupBy(wires, (wire) => wire.to[0]);
  graph.fromJSON({
    nodes: nodes.map((node) => ({
      id: node.id, shape: "bench", x: node.at[0], y: node.at[1],
      attrs: { name: { text: node.label }, value: { text: "x̄ 0.1234" }, grad: { text: "‖·‖ 1.234" } },
      ports: { items: ports(node, inputs.get(node.id)?.length ?? 0) },
    })),
    edges: wires.map((wire) => ({
      source: { cell: wire.from[0], port: "out" }, target: { cell: wire.to[0], port: "in" + wire.to[1] },
      connector: "smooth", attrs: { line: { stroke: "#8a93a6", strokeWidth: 1.75, targetMarker: null } },
    })),
  });
  const fit = () => graph.zoomToFit({ padding: 28, maxScale: 1.25, minScale: 0.02 });
  fit();
  return {
    stage,
    node: () => stage.querySelector(`[data-cell-id="${nodes[0].id}"] rect`),
    fit,
    back() {},
    close() {
      graph.dispose();
      container.remove();
    },
  };
}

function ports(node, count) {
  const y = (i, n) => HEAD + (HEIGHT - HEAD) * (i + 0.5) / n;
  const items = Array.from({ length: count },
    (_, i) => ({ id: "in" + i, group: "in", args: { x: 0, y: y(i, count) } }));
  return [...items, { id: "out", group: "out", args: { x: WIDTH, y: y(0, 1) } }];
}
