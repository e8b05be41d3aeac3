package dev.backstep.engine.graph;

import dev.backstep.engine.graph.Reason.Code;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Links that carry a document in their fragment: {@code g=1.<bytes>.<packed bytes>.<CRC-32>.<payload>}, the payload
 * being the JSON in UTF-8, packed by deflate-raw, in base64url without padding. Packing itself is the browser's; here
 * is all that can be said without it. Anybody may have written a link, and messengers cut them.
 */
public final class LinkCodec {
    /** The version that is written; every one ever released is read. */
    public static final int VERSION = 1;

    /** The most bytes of JSON that are unpacked. */
    public static final int MAX_BYTES = 2_000_000;

    /** The most characters of a link that are looked at. */
    static final int MAX_CHARACTERS = 1_500_000;

    private static final String PREFIX = "g=";

    private LinkCodec() {}

    /**
     * A link that was taken apart, its payload still packed.
     *
     * @param length the JSON's length in bytes: never unpack more than this many and one
     * @param checksum its CRC-32
     * @param packed the payload
     */
    public record Packed(int length, int checksum, byte[] packed) {
        /**
         * The JSON, when it is what was packed.
         *
         * @param unpacked what the payload unpacked to, up to {@link #length} bytes and one
         * @throws GraphException where it is not what the link's maker packed
         */
        public String open(byte[] unpacked) {
            if (unpacked.length != length || crc32(unpacked) != checksum) {
                throw altered();
            }
            return new String(unpacked, StandardCharsets.UTF_8);
        }
    }

    /** The bytes to pack for a text. */
    public static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The fragment of a link, without '#'.
     *
     * @param json the bytes before packing
     * @param packed the same, packed by deflate-raw
     */
    public static String write(byte[] json, byte[] packed) {
        return PREFIX + VERSION + "." + json.length + "." + packed.length + "." + hex(crc32(json)) + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(packed);
    }

    /** Whether a fragment, with or without '#', means to be a link to a document. */
    public static boolean isLink(String fragment) {
        return withoutHash(fragment).startsWith(PREFIX);
    }

    /**
     * Takes the fragment of a link apart.
     *
     * @param fragment with or without '#'
     * @throws GraphException saying whether it was cut, altered, is too large, or comes from a newer Backstep
     */
    public static Packed read(String fragment) {
        String text = withoutHash(fragment);
        if (!text.startsWith(PREFIX)) {
            throw refused(Code.NOT_A_LINK, "#" + PREFIX);
        }
        if (text.length() > MAX_CHARACTERS) {
            throw refused(Code.TOO_LARGE_LINK, text.length(), MAX_CHARACTERS);
        }
        Header header = new Header(text);
        int version = header.number(10);
        if (version > VERSION) {
            throw refused(Code.NEWER_LINK, version, VERSION);
        }
        int length = header.number(10);
        int packedLength = header.number(10);
        int checksum = header.number(16);
        if (version != VERSION || length < 0 || packedLength < 0) {
            throw altered();
        }
        if (length > MAX_BYTES || packedLength > MAX_BYTES) {
            throw refused(Code.TOO_LARGE_LINK, Math.max(length, packedLength), MAX_BYTES);
        }
        String payload = header.rest();
        int missing = (packedLength * 4 + 2) / 3 - payload.length();
        if (missing > 0) {
            throw refused(Code.CUT_LINK);
        }
        if (missing < 0) {
            throw altered();
        }
        try {
            return new Packed(length, checksum, Base64.getUrlDecoder().decode(payload));
        } catch (IllegalArgumentException noBase64) {
            throw altered();
        }
    }

    /** The refusal of a link whose payload cannot be unpacked. */
    public static GraphException altered() {
        return refused(Code.ALTERED_LINK);
    }

    private static GraphException refused(Code code, Object... arguments) {
        return new GraphException("link", code, arguments);
    }

    private static String withoutHash(String fragment) {
        return fragment.startsWith("#") ? fragment.substring(1) : fragment;
    }

    /** The CRC-32 that zip and PNG use. */
    static int crc32(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ (crc & 1) * 0xedb88320;
            }
        }
        return ~crc;
    }

    private static String hex(int bits) {
        String digits = Integer.toHexString(bits);
        return "0".repeat(8 - digits.length()) + digits;
    }

    /** The fields before the payload, each ended by a point. */
    private static final class Header {
        private final String text;
        private int at = PREFIX.length();

        Header(String text) {
            this.text = text;
        }

        int number(int radix) {
            int end = text.indexOf('.', at);
            if (end < 0) {
                throw text.length() - at > 9 ? altered() : refused(Code.CUT_LINK);
            }
            try {
                long value = Long.parseLong(text.substring(at, end), radix);
                at = end + 1;
                if (radix == 10 && value != (int) value) {
                    throw altered();
                }
                return (int) value;
            } catch (NumberFormatException notOurs) {
                throw altered();
            }
        }

        String rest() {
            return text.substring(at);
        }
    }
}
