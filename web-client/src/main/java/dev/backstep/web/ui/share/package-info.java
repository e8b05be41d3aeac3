/** Links and files: ways for a document to leave the page and come back. */
package dev.backstep.web.ui.share;
