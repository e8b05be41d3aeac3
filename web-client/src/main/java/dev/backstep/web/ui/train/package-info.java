/** The train area: the loop as a program, the run's controls, its charts and pictures. */
package dev.backstep.web.ui.train;
