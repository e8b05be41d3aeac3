/**
 * What is open in the page, without the page: the document with its undo stack and selection ({@link
 * dev.backstep.web.session.Editor}), and where one stands in its run ({@link dev.backstep.web.session.Playback}).
 * Areas of the page read these and listen to their signals.
 */
package dev.backstep.web.session;
