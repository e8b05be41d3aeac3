-- Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE links (
    id       TEXT PRIMARY KEY,
    digest   TEXT NOT NULL,      -- SHA-256 of the document, in hexadecimal digits
    document TEXT,               -- NULL once removed or expired: the id then answers 410
    created  BIGINT NOT NULL,
    expires  BIGINT              -- NULL: never
);

CREATE INDEX links_expires ON links (expires);

-- Everyone who shared the document holds a token; the link goes with the last of them.
CREATE TABLE link_tokens (
    link_id TEXT NOT NULL REFERENCES links (id),
    hash    TEXT NOT NULL,       -- SHA-256 of the token, which itself is not kept
    PRIMARY KEY (link_id, hash)
);
