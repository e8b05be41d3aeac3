/** The graphics processor as a device: works become dispatches of shaders, which are gathered and submitted. */
package dev.backstep.web.gpu;
