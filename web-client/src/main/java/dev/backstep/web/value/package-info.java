/** Numbers as text, typed and shown. Knows no page, so that plain tests reach all of it. */
package dev.backstep.web.value;
