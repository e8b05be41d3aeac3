/**
 * The run that trains the open document: where it goes on, what it told, and what is kept of it in the browser.
 */
package dev.backstep.web.train;
