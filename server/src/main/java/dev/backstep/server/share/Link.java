package dev.backstep.server.share;

import java.time.Instant;
import java.util.Optional;

/**
 * A short link.
 *
 * @param document the document it leads to; empty once removed or expired
 * @param expires when it ends; empty: never
 */
record Link(String id, Optional<String> document, Optional<Instant> expires) {}
