/** The palette: every op by group, searched, dragged or pressed onto the canvas. */
package dev.backstep.web.ui.palette;
