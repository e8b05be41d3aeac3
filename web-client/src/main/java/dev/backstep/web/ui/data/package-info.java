/** Data sets as the reader sees them: their pictures, their columns, what is wrong with their rows. */
package dev.backstep.web.ui.data;
