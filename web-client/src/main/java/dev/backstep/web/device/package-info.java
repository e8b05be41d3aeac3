/** The devices of this browser: which there are, whether they may be trusted, how fast they are, what runs where. */
package dev.backstep.web.device;
