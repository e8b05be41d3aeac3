// The playground of this page, whole, as js/parts/drive.js drives an editor.

/** Drives what is open in the page; its first node has that id. */
export const app = (id) => ({
  stage: document.getElementById("canvas-view"),
  node: () => document.querySelector(`[data-node="${id}"]`),
  fit: () => document.getElementById("fit").click(),
  back: () => document.getElementById("back").click(),
});
