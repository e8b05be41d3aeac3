/**
 * The drawing. {@link dev.backstep.web.ui.canvas.Canvas} is all that others see. Inside, {@code Viewport},
 * {@code NodeShape} and {@code EdgeCurve} are plain geometry; {@code Scene} with {@code NodeView} and {@code EdgeView}
 * holds the elements, {@code Faces} says what they show; {@code PointerInput} with its gestures and {@code KeyInput}
 * turn what hands do into edits; {@code Connecting} is a connection being made, however it is made. {@code Commands} is
 * what keys and menus alike ask for; {@code NoteLayer} draws comments and frames; {@code LayoutWorker} asks ELK.
 */
package dev.backstep.web.ui.canvas;
