/** Bindings of JavaScript classes that TeaVM's own lack: one file a class, JavaScript's names, no logic. */
package dev.backstep.web.jso;
