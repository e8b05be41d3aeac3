package dev.backstep.web.value;

/** Writes small pictures as PNG (RFC 2083), uncompressed, in data URLs: they need no canvas. */
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int[] CRC = crcTable();

    private final byte[] bytes;
    private int length;

    private Png(int size) {
        bytes = new byte[size];
    }

    /**
     * An opaque picture.
     *
     * @param colours 0xRRGGBB, row by row from the top; fewer than 16,000
     */
    public static String url(int[] colours, int width) {
        byte[] rgba = new byte[4 * colours.length];
        for (int i = 0; i < colours.length; i++) {
            rgba[4 * i] = (byte) (colours[i] >> 16);
            rgba[4 * i + 1] = (byte) (colours[i] >> 8);
            rgba[4 * i + 2] = (byte) colours[i];
            rgba[4 * i + 3] = -1;
        }
        return url(rgba, width, colours.length / width);
    }

    /** @param rgba four bytes a pixel, row by row from the top; fewer than 65,000 bytes */
    static String url(byte[] rgba, int width, int height) {
        int stride = 4 * width;
        byte[] rows = new byte[(stride + 1) * height];
        for (int y = 0; y < height; y++) {
            // A row begins with its filter: 0 for none.
            System.arraycopy(rgba, y * stride, rows, y * (stride + 1) + 1, stride);
        }
        Png png = new Png(rows.length + 80);
        png.put(SIGNATURE);
        png.header(width, height);
        png.data(rows);
        png.chunk("IEND", new byte[0]);
        return "data:image/png;base64," + base64(png.bytes, png.length);
    }

    private void header(int width, int height) {
        Png header = new Png(13);
        header.number(width);
        header.number(height);
        // Eight bits each of red, green, blue and opacity.
        header.put(new byte[] {8, 6, 0, 0, 0});
        chunk("IHDR", header.bytes);
    }

    /** A zlib stream of one block that is stored as it is (RFC 1950 and 1951). */
    private void data(byte[] rows) {
        Png zlib = new Png(rows.length + 11);
        zlib.put(new byte[] {0x78, 1, 1, (byte) rows.length, (byte) (rows.length >> 8), (byte) ~rows.length,
            (byte) (~rows.length >> 8)});
        zlib.put(rows);
        int a = 1;
        int b = 0;
        for (byte value : rows) {
            a = (a + (value & 255)) % 65_521;
            b = (b + a) % 65_521;
        }
        zlib.number(b << 16 | a);
        chunk("IDAT", zlib.bytes);
    }

    private void chunk(String type, byte[] content) {
        number(content.length);
        int start = length;
        for (int i = 0; i < type.length(); i++) {
            bytes[length++] = (byte) type.charAt(i);
        }
        put(content);
        int crc = -1;
        for (int i = start; i < length; i++) {
            crc = CRC[(crc ^ bytes[i]) & 255] ^ crc >>> 8;
        }
        number(~crc);
    }

    private void put(byte[] more) {
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void number(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >> shift);
        }
    }

    private static int[] crcTable() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int c = i;
            for (int k = 0; k < 8; k++) {
                c = (c & 1) != 0 ? 0xedb88320 ^ c >>> 1 : c >>> 1;
            }
            table[i] = c;
        }
        return table;
    }

    private static String base64(byte[] bytes, int length) {
        StringBuilder out = new StringBuilder(length * 4 / 3 + 4);
        for (int i = 0; i < length; i += 3) {
            int left = length - i;
            int bits = (bytes[i] & 255) << 16 | (left > 1 ? (bytes[i + 1] & 255) << 8 : 0)
                    | (left > 2 ? bytes[i + 2] & 255 : 0);
            out.append(DIGITS.charAt(bits >> 18)).append(DIGITS.charAt(bits >> 12 & 63));
            out.append(left > 1 ? DIGITS.charAt(bits >> 6 & 63) : '=');
            out.append(left > 2 ? DIGITS.charAt(bits & 63) : '=');
        }
        return out.toString();
    }
}
