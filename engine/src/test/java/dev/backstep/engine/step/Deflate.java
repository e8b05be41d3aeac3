package dev.backstep.engine.step;

import dev.backstep.engine.graph.LinkCodec;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The browser's part of a link: deflate-raw, unpacked no further than the link says and the format allows. */
final class Deflate {
    private Deflate() {}

    static byte[] pack(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(bytes);
        deflater.finish();
        byte[] out = new byte[bytes.length + bytes.length / 1000 + 100];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    static String link(String json) {
        byte[] bytes = LinkCodec.bytes(json);
        return LinkCodec.write(bytes, pack(bytes));
    }

    /** What a page does with a fragment, as the documentation asks. */
    static SharedRun open(String fragment) {
        LinkCodec.Packed link = LinkCodec.read(fragment);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(link.packed());
            byte[] out = new byte[link.length() + 1];
            int length = 0;
            int more;
            do {
                more = inflater.inflate(out, length, out.length - length);
                length += more;
            } while (more > 0 && length < out.length);
            return SharedRun.read(link.open(Arrays.copyOf(out, length)));
        } catch (DataFormatException damaged) {
            throw LinkCodec.altered();
        } finally {
            inflater.end();
        }
    }
}
