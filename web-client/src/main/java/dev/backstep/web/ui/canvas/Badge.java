package dev.backstep.web.ui.canvas;

/** A small mark on a node. */
interface Badge {
    /** A class of css/parts/controls.css, or several. */
    String style();

    String text();

    /** What it means, in a sentence. */
    String meaning();
}
