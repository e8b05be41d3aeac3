/** The inspector: all about what is selected, and what just happened there. */
package dev.backstep.web.ui.inspector;
