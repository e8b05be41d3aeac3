/** Sweeps: what varies, and the table and the chart of the runs. */
package dev.backstep.web.ui.sweep;
