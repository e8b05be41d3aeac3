/**
 * The drawing. {@link dev.backstep.web.ui.canvas.Canvas} is all that others see. Inside, {@code Viewport}, {@code NodeShape}
 * and {@code EdgeCurve} are plain geometry; {@code Scene} holds the elements and is the only one to touch the page;
 * {@code PointerInput} and {@code KeyInput} turn gestures into edits; {@code Connecting} is a connection being made,
 * however it is made.
 */
package dev.backstep.web.ui.canvas;
