/** The timeline under the canvas: where one stands in the run, and the ways to go elsewhere. */
package dev.backstep.web.ui.timeline;
