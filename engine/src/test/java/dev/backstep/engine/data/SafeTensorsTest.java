package dev.backstep.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.nn.BatchNorm1d;
import dev.backstep.engine.nn.Linear;
import dev.backstep.engine.nn.Sequential;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The format byte by byte, there and back, and what is made of bytes that anybody may have written. */
class SafeTensorsTest {
    /** A file with that header, put together here. */
    private static byte[] file(String header, int... numbers) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        for (int number : numbers) {
            file.put((byte) number);
        }
        return file.array();
    }

    @Test
    void theLayoutIsTheFormats() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", Tensor.of(new double[] {1, 0, 1}, new int[] {3}, DType.BOOL));
        tensors.put("w", Tensor.of(new double[] {1, -2}, new int[] {1, 2}, DType.FLOAT32));
        String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[8,11]}}";
        header += " ".repeat((8 - header.length() % 8) % 8);
        assertArrayEquals(file(header, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 1, 0, 1), SafeTensors.write(tensors));
    }

    @Test
    void readsWhatOthersWrote() {
        Map<String, Tensor> tensors = SafeTensors.read(file("{\"__metadata__\":{\"format\":\"pt\"}, \"n\": "
                + "{\"dtype\": \"I64\", \"shape\": [], \"data_offsets\": [0, 8]}}", 0xfe, 255, 255, 255, 255, 255, 255,
                0x7f));
        assertEquals(List.of("n"), List.copyOf(tensors.keySet()));
        assertArrayEquals(new long[] {Long.MAX_VALUE - 1}, tensors.get("n").toLongs());
        assertEquals(0, tensors.get("n").dim());
    }

    @Test
    void everyTypeAndNumberComesBack() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("f", Tensor.of(new double[] {0, -0.0, Float.MIN_VALUE, Float.MAX_VALUE, Double.NaN,
            Double.NEGATIVE_INFINITY}, new int[] {2, 3}, DType.FLOAT32));
        tensors.put("d", Tensor.of(new double[] {Math.PI, -0.0, Double.MIN_VALUE, Double.NaN}, new int[] {4},
                DType.FLOAT64));
        tensors.put("i", Tensor.of(new long[] {Long.MIN_VALUE, -1, 1L << 53 | 1}, 3));
        tensors.put("b", Tensor.of(new double[] {1, 0}, new int[] {2}, DType.BOOL));
        tensors.put("empty", Tensor.zeros(new int[] {0, 3}, DType.FLOAT32));
        tensors.put("gradient \"∂\"\n", Tensor.scalar(2.5));
        tensors.put("turned", Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, new int[] {2, 3}, DType.FLOAT32).t());
        Map<String, Tensor> back = SafeTensors.read(SafeTensors.write(tensors));
        assertEquals(tensors.keySet(), back.keySet());
        tensors.forEach((name, tensor) -> {
            assertEquals(tensor.dtype(), back.get(name).dtype(), name);
            assertArrayEquals(tensor.shape(), back.get(name).shape(), name);
            assertArrayEquals(tensor.toDoubles(), back.get(name).toDoubles(), name);
        });
        assertArrayEquals(tensors.get("i").toLongs(), back.get("i").toLongs());
    }

    @Test
    void aModelsStateGoesThereAndBack() {
        Generator generator = new Generator().manualSeed(1);
        Sequential from = new Sequential(new Linear(3, 4, generator), new BatchNorm1d(4, DType.FLOAT32));
        from.forward(generator.randn(DType.FLOAT32, 5, 3));
        Sequential to = new Sequential(new Linear(3, 4, generator), new BatchNorm1d(4, DType.FLOAT32));
        to.loadStateDict(SafeTensors.read(SafeTensors.write(from.stateDict())));
        Tensor x = generator.randn(DType.FLOAT32, 2, 3);
        assertArrayEquals(from.eval().forward(x).toDoubles(), to.eval().forward(x).toDoubles());
        assertEquals(1, to.stateDict().get("1.num_batches_tracked").item());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[1]                                                              | does not begin with {",
        "{\"a\":                                                          | no JSON object",
        "{\"a\":3}                                                        | 'a' is no object",
        "{\"a\":{\"dtype\":\"F8\",\"shape\":[],\"data_offsets\":[0,4]}}   | a type that is not read: F8",
        "{\"a\":{\"shape\":[],\"data_offsets\":[0,4]}}                    | a type that is not read: null",
        "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}               | has no shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}                         | does not say where",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}  | no whole number",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | no whole number",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | should have 8 bytes, but has 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | does not begin where",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}} | speaks of 0 bytes of numbers, but there are 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000,1000000,1000000,1000000],\"data_offsets\":[0,4]}} | is too large",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9999999999999999999999],\"data_offsets\":[0,4]}} | number that is too long",
        "{\"a\":[[[[[[]]]]]]}                                             | nested too deeply",
    })
    void refusesWithTheReason(String header, String reason) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> SafeTensors.read(file(header, 0, 0, 0x80, 0x3f))).getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void refusesLengthsThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> SafeTensors.read(new byte[7]));
        for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, SafeTensors.MAX_HEADER + 1L, 100}) {
            byte[] bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
            assertThrows(IllegalArgumentException.class, () -> SafeTensors.read(bytes), () -> "length " + length);
        }
    }

    /** Whatever is changed in a good file: it is read, or refused in words, and takes no time or memory. */
    @Test
    void noBytesBreakIt() {
        byte[] good = SafeTensors.write(new Sequential(new Linear(2, 2, new Generator()),
                new BatchNorm1d(2, DType.FLOAT32)).stateDict());
        SplittableRandom random = new SplittableRandom(4);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 20))
                    : good.clone();
            for (int k = random.nextInt(4); k > 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt(256)
                        : "{}[]\",:0123456789eE.-\\ ".charAt(random.nextInt(23)));
            }
            try {
                SafeTensors.read(bytes);
                read++;
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage().startsWith("not read as safetensors: "), refused.getMessage());
            }
        }
        assertTrue(read > 1000 && read < 19_000, "of both kinds: " + read + " were read");
    }
}
