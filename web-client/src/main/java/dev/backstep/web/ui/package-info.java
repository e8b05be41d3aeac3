/**
 * What the page's areas share: elements, texts, icons, menus, messages to the reader. The areas themselves lie in the
 * packages below; each knows the {@link dev.backstep.web.ui.Session} and none knows another.
 */
package dev.backstep.web.ui;
