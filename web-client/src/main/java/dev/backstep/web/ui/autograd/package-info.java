/**
 * PyTorch's own graph as a second view of a run. {@link dev.backstep.web.ui.autograd.AutogradView} is the view,
 * {@link dev.backstep.web.ui.autograd.ViewSwitch} what shows it. Inside, {@code Layered} is plain geometry, {@code
 * Tape} the nodes with their places, {@code FnCard} and {@code FnEdge} the elements, {@code PanInput} and {@code
 * WalkInput} what hands do.
 */
package dev.backstep.web.ui.autograd;
