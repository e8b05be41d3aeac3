/** What the reader sees of devices, and chooses. */
package dev.backstep.web.ui.devices;
