/** Starts the page, joins its areas, and holds what belongs to none of them: the bar, keys, saving, opening. */
package dev.backstep.web.app;
