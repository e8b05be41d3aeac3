package dev.backstep.web.suite;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** What a device must answer as the CPU does, with the tolerance of each. */
final class GpuChecks {
    /** Numbers that go wrong most easily. */
    private static final double[] NASTY = {0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, -3, 1e-3, -1e-3, 1e-8, -1e-8,
        0.7, 10, -10, 21.3, 88.7, -88.7, -103, 100.25, -100, 4097, 1e5, -1e5, 8388609, -8388609, 1e10, 3e38, -3e38,
        2e-38, 1e-40, -1e-40, 1e-45, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};

    /** A check: what it does first, and the trials whose numbers are then waited for. */
    record Check(String name, Supplier<List<Trial>> start) {
    }

    private final Device device;
    private final List<Check> checks = new ArrayList<>();

    private GpuChecks(Device device) {
        this.device = device;
    }

    static List<Check> of(Device device) {
        GpuChecks all = new GpuChecks(device);
        for (Fn fn : Fn.values()) {
            all.checks.add(new Check("fn " + fn, () -> List.of(all.function(fn))));
        }
        all.kernels();
        all.memory();
        for (int part = 0; part < RandomShapes.PARTS; part++) {
            int which = part;
            all.checks.add(new Check("random shapes " + part, () -> RandomShapes.start(device, which)));
        }
        return all.checks;
    }

    private static double[] tolerance(Fn fn) {
        return switch (fn) {
            case DIV, SQRT, EXP -> new double[] {3e-7, 0};
            case RSQRT, LOG, EXPM1, TANH, SIGMOID, ERF -> new double[] {6e-7, 0};
            case LOG1P -> new double[] {8e-7, 0};
            case SIN, COS -> new double[] {4e-7, 2e-9};
            case TAN, POW -> new double[] {1e-6, 0};
            default -> new double[] {0, 0};
        };
    }

    private Trial function(Fn fn) {
        Random random = new Random(fn.ordinal());
        int n = NASTY.length;
        int size = fn.arity() == 1 ? n + 1000 : n * n + 1000;
        double[][] in = new double[fn.arity()][size];
        for (int i = 0; i < size; i++) {
            for (int a = 0; a < in.length; a++) {
                double spread = Math.pow(10, random.nextInt(7) - 3);
                double value = DType.FLOAT32.round(random.nextGaussian() * spread);
                in[a][i] = value;
            }
            if (i < size - 1000) {
                in[0][i] = DType.FLOAT32.round(NASTY[i % n]);
                if (in.length > 1) {
                    in[1][i] = DType.FLOAT32.round(NASTY[i / n]);
                }
            } else if (fn == Fn.POW) {
                in[0][i] = Math.abs(in[0][i]);
                in[1][i] = Math.clamp(in[1][i], -20, 20);
            }
        }
        Trial trial = new Trial();
        Operand[] operands = new Operand[in.length];
        List<Expr> args = new ArrayList<>();
        for (int a = 0; a < in.length; a++) {
            operands[a] = trial.in(DType.FLOAT32, in[a], size);
            args.add(Expr.arg(a));
        }
        double[] tolerance = tolerance(fn);
        return trial.within(tolerance[0], tolerance[1]).mayFlush().start(device, new Work.Pointwise(
                List.of(new Expr.Call(fn, args)), List.of(trial.out(DType.FLOAT32, size)), List.of(operands), List.of(),
                0), new double[0]);
    }

    private void check(String name, Supplier<Trial> start) {
        checks.add(new Check(name, () -> List.of(start.get())));
    }

    static double[] numbers(int seed, int size, boolean nasty) {
        Random random = new Random(seed);
        double[] numbers = new double[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = nasty && random.nextInt(3) == 0 ? DType.FLOAT32.round(NASTY[random.nextInt(NASTY.length)])
                    : DType.FLOAT32.round(random.nextGaussian());
        }
        return numbers;
    }

    private static double[] integers(int seed, int size, int below) {
        Random random = new Random(seed);
        double[] numbers = new double[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = random.nextInt(below);
        }
        return numbers;
    }

    /** Whole numbers of all 32 bits. */
    static double[] words(int seed, int size) {
        Random random = new Random(seed);
        double[] words = new double[size];
        for (int i = 0; i < size; i++) {
            words[i] = random.nextInt();
        }
        return words;
    }

    private void draws() {
        for (int n : new int[] {1, 623, 624, 625, 851, 852, 5_000, 70_001}) {
            check("TWIST " + n, () -> {
                Trial t = new Trial();
                Operand first = t.in(DType.INT64, words(n, 700), new int[] {624}, new int[] {1}, 70);
                return t.start(device, Kernel.TWIST, t.out(DType.INT64, n), first);
            });
        }
        for (int n : new int[] {1, 63, 64, 65, 5_000}) {
            check("BERNOULLI " + n, () -> {
                Trial t = new Trial();
                Operand words = t.in(DType.INT64, words(n, 2 * n + 3), new int[] {2 * n}, new int[] {1}, 3);
                return t.start(device, Kernel.BERNOULLI, t.out(DType.FLOAT32, n), words,
                        t.in(DType.INT64, new double[] {1 << 20, -7}, 2));
            });
        }
    }

    private void kernels() {
        for (int n : new int[] {1, 5, 64, 1000}) {
            for (DType from : new DType[] {DType.FLOAT32, DType.INT64, DType.BOOL}) {
                for (DType to : new DType[] {DType.FLOAT32, DType.INT64, DType.BOOL}) {
                    check("COPY " + n + " " + from + " to " + to, () -> {
                        Trial t = new Trial();
                        double[] values = from == DType.FLOAT32 ? numbers(n, n, to != DType.INT64)
                                : integers(n, n, from == DType.BOOL ? 2 : 99);
                        return t.start(device, Kernel.COPY, t.out(to, n), t.in(from, values, n));
                    });
                }
            }
        }
        for (Kernel kernel : new Kernel[] {Kernel.SUM, Kernel.PROD}) {
            for (int[] shape : new int[][] {{1}, {7}, {1000}, {300_001}, {1 << 18}, {40, 50}, {3, 5000}, {5000, 3},
                {17, 9, 33}, {0}, {0, 5}, {5, 0}}) {
                int kinds = 1 << shape.length;
                for (int which = 1; which < kinds; which++) {
                    int folded = which;
                    if (kernel == Kernel.SUM || View.numel(shape) < 2000) {
                        check(kernel + " " + text(shape) + " over " + folded, () -> fold(kernel, shape, folded));
                    }
                }
            }
        }
        for (Kernel kernel : new Kernel[] {Kernel.MAX, Kernel.MIN, Kernel.ARGMAX, Kernel.ARGMIN}) {
            for (int[] shape : new int[][] {{1}, {9}, {40, 7}, {3, 3000}, {100_000}, {5000, 2}}) {
                for (boolean nasty : new boolean[] {false, true}) {
                    check(kernel + " " + text(shape) + (nasty ? " nasty" : ""), () -> {
                        Trial t = new Trial();
                        Operand in = t.in(DType.FLOAT32, numbers(shape[0], View.numel(shape), nasty), shape);
                        return t.start(device, kernel, t.out(kernel.name().startsWith("ARG") ? DType.INT64
                                : DType.FLOAT32, Arrays.copyOf(shape, shape.length - 1)), in);
                    });
                }
            }
            check(kernel + " of integers", () -> {
                Trial t = new Trial();
                Operand in = t.in(DType.INT64, integers(3, 77 * 13, 1000), 77, 13);
                return t.start(device, kernel, t.out(DType.INT64, 77), in);
            });
        }
        for (int[] shape : new int[][] {{1}, {9}, {40, 7}, {3, 3000}, {100_000}, {0}, {2, 0}}) {
            check("CUMSUM " + text(shape), () -> {
                Trial t = new Trial();
                Operand in = t.in(DType.FLOAT32, numbers(7, View.numel(shape), false), shape);
                return t.besideSize(1e-6).start(device, Kernel.CUMSUM, t.out(DType.FLOAT32, shape), in);
            });
        }
        check("CUMSUM of integers", () -> {
            Trial t = new Trial();
            Operand in = t.in(DType.INT64, integers(3, 5000, 1000), 5, 1000);
            return t.start(device, Kernel.CUMSUM, t.out(DType.INT64, 5, 1000), in);
        });
        softmaxes();
        places();
        draws();
        for (int left = 0; left < 3; left++) {
            for (int right = 0; right < 3; right++) {
                int[] lies = {left, right};
                check("MATMUL large " + left + right, () -> {
                    Trial t = new Trial();
                    Operand a = matrix(t, 1, 260, 132, lies[0]);
                    Operand b = matrix(t, 1, 132, 260, lies[1]);
                    return t.besideSize(1e-6).start(device, Kernel.MATMUL, t.out(DType.FLOAT32, 1, 260, 260), a, b);
                });
            }
        }
        check("MATMUL odd", () -> {
            Trial t = new Trial();
            Operand a = matrix(t, 1, 301, 77, 1);
            return t.besideSize(1e-6).start(device, Kernel.MATMUL, t.out(DType.FLOAT32, 1, 301, 299), a,
                    matrix(t, 1, 77, 299, 0));
        });
        check("MATMUL with itself", () -> {
            Trial t = new Trial();
            Operand a = matrix(t, 1, 300, 64, 0);
            Operand transposed = new Operand(a.slot(), a.type(), new int[] {1, 64, 300}, new int[] {0, 1, 64}, 0);
            return t.besideSize(1e-6).start(device, Kernel.MATMUL, t.out(DType.FLOAT32, 1, 300, 300), a, transposed);
        });
        for (boolean turned : new boolean[] {false, true}) {
            check("MATMUL with windows" + (turned ? " turned" : ""), () -> {
                // Of 5 x 4 at 16 x 19 places of six channels: large enough for blocks.
                int[] shape = {2, 6, 5, 4, 16, 19};
                int[] strides = {6 * 440, 440, 22, 1, 22, 1};
                Trial t = new Trial();
                Operand right = t.in(DType.FLOAT32, numbers(8, 2 * 6 * 440, false),
                        turned ? RandomWindows.turned(shape) : shape,
                        turned ? RandomWindows.turned(strides) : strides, 0);
                Operand left = matrix(t, 2, 301, turned ? 304 : 120, 0);
                return t.besideSize(1e-6).start(device, Kernel.MATMUL,
                        t.out(DType.FLOAT32, 2, 301, turned ? 120 : 304), left, right);
            });
        }
        check("MATMUL of integers", () -> {
            Trial t = new Trial();
            return t.start(device, Kernel.MATMUL, t.out(DType.INT64, 2, 5, 9), t.in(DType.INT64, integers(1, 70, 50), 2,
                    5, 7), t.in(DType.INT64, integers(2, 126, 50), 2, 7, 9));
        });
    }

    private void softmaxes() {
        for (int[] shape : new int[][] {{}, {1}, {9}, {40, 7}, {3, 3000}, {100_000}, {5000, 2}, {700, 33}, {0, 4}}) {
            for (boolean nasty : new boolean[] {false, true}) {
                for (Kernel kernel : new Kernel[] {Kernel.SOFTMAX, Kernel.LOG_SOFTMAX}) {
                    check(kernel + " " + text(shape) + (nasty ? " nasty" : ""), () -> {
                        Trial t = new Trial();
                        Operand in = t.in(DType.FLOAT32, numbers(shape.length, View.numel(shape), nasty), shape);
                        return t.within(3e-6, 2e-6).mayFlush().start(device, kernel, t.out(DType.FLOAT32, shape), in);
                    });
                }
            }
            for (Kernel kernel : new Kernel[] {Kernel.SOFTMAX_BACKWARD, Kernel.LOG_SOFTMAX_BACKWARD}) {
                check(kernel + " " + text(shape), () -> {
                    Trial t = new Trial();
                    int n = View.numel(shape);
                    double[] results = numbers(3, n, false);
                    for (int i = 0; i < n; i++) {
                        double size = Math.abs(results[i]);
                        results[i] = DType.FLOAT32.round(kernel == Kernel.SOFTMAX_BACKWARD ? size / n : -3 * size);
                    }
                    return t.within(2e-6, 1e-4).start(device, kernel, t.out(DType.FLOAT32, shape),
                            t.in(DType.FLOAT32, numbers(7, n, false), shape), t.in(DType.FLOAT32, results, shape));
                });
            }
        }
    }

    /** @param lies 0 for rows one after another, 1 for columns, 2 for rows with a gap of one between them */
    private static Operand matrix(Trial t, int batches, int rows, int columns, int lies) {
        int row = lies == 1 ? 1 : columns + lies / 2;
        int column = lies == 1 ? rows : 1;
        int size = (rows + 1) * (columns + 1);
        return t.in(DType.FLOAT32, numbers(rows + lies, batches * size, false), new int[] {batches, rows, columns},
                new int[] {size - size % 4, row, column}, 0);
    }

    private void places() {
        for (int[] sizes : new int[][] {{1, 1}, {10, 7}, {7, 1000}, {300, 5000}, {5000, 300}}) {
            for (DType type : new DType[] {DType.FLOAT32, DType.INT64}) {
                for (Kernel kernel : new Kernel[] {Kernel.GATHER, Kernel.SCATTER, Kernel.SCATTER_ADD}) {
                    check(kernel + " " + text(sizes) + " " + type, () -> {
                        Trial t = new Trial();
                        int flat = sizes[0];
                        int n = sizes[1];
                        double[] at = integers(n, n, flat);
                        if (kernel == Kernel.SCATTER) {
                            // Each place once: which of two stays is not said.
                            for (int i = 0; i < n; i++) {
                                at[i] = i * 7L % flat;
                            }
                        }
                        int count = kernel == Kernel.SCATTER ? Math.min(n, flat % 7 == 0 ? 1 : flat) : n;
                        double[] values = type == DType.FLOAT32 ? numbers(5, Math.max(flat, n), false)
                                : integers(5, Math.max(flat, n), 50);
                        Operand places = t.in(DType.INT64, at, new int[] {count}, new int[] {1}, 0);
                        if (kernel == Kernel.GATHER) {
                            Operand source = t.in(type, values, new int[] {flat}, new int[] {1}, 0);
                            return t.start(device, kernel, t.out(type, count), source, places);
                        }
                        Operand source = t.in(type, values, new int[] {count}, new int[] {1}, 0);
                        return t.besideSize(2e-6).start(device, kernel, t.out(type, flat), source, places);
                    });
                }
            }
        }
    }

    private Trial fold(Kernel kernel, int[] shape, int folded) {
        Trial t = new Trial();
        double[] values = numbers(shape.length, View.numel(shape), false);
        if (kernel == Kernel.PROD) {
            for (int i = 0; i < values.length; i++) {
                values[i] = DType.FLOAT32.round(1 + values[i] / 100);
            }
        }
        return RandomShapes.folded(device, t, kernel, t.in(DType.FLOAT32, values, shape), folded);
    }

    /** What is said of memory: zeros, the order of reads and writes, results in the place of inputs. */
    private void memory() {
        check("results in the place of inputs", () -> {
            Trial t = new Trial();
            Operand x = t.in(DType.FLOAT32, numbers(1, 1001, true), 1001);
            return t.mayFlush().start(device, new Work.Pointwise(List.of(Expr.arg(0).plus(Expr.ONE)), List.of(x),
                    List.of(x), List.of(), 0), new double[0]);
        });
        checks.add(new Check("memory that is used again is zero", () -> {
            for (int written : new int[] {0, 3, 100}) {
                Memory first = device.allocate(DType.FLOAT32, 100);
                device.write(first, ones(100));
                device.free(first);
                Memory again = device.allocate(DType.FLOAT32, 100);
                device.write(again, ones(written));
                float[] read = new float[100];
                device.read(again, read);
                device.free(again);
                for (int i = 0; i < 100; i++) {
                    expect(read[i] == (i < written ? 1 : 0), "element " + i + " is " + read[i] + " of " + written);
                }
            }
            return List.of();
        }));
        checks.add(new Check("reads and writes in their order", () -> {
            Slot slot = new Slot(DType.FLOAT32, 70_000);
            Memory[] x = {device.allocate(slot.type(), slot.size())};
            Operand all = new Operand(0, DType.FLOAT32, new int[] {slot.size()}, new int[] {1}, 0);
            Executable add = device.prepare(List.of(new Work.Pointwise(List.of(Expr.arg(0).plus(Expr.param("p"))),
                    List.of(all), List.of(all), List.of("p"), 1)), List.of(slot));
            for (int i = 0; i < 600; i++) {
                add.run(x, new double[] {0, 1});
            }
            float[] read = new float[slot.size()];
            device.read(x[0], read);
            expect(read[0] == 600 && read[69_999] == 600, "600 times 1 is " + read[0] + ", " + read[69_999]);
            add.run(x, new double[] {0, 0.5});
            device.write(x[0], ones(2));
            add.run(x, new double[] {0, 2});
            device.read(x[0], read);
            expect(read[0] == 3 && read[1] == 3 && read[2] == 602.5f, read[0] + " " + read[1] + " " + read[2]);
            add.close();
            device.free(x[0]);
            return List.of();
        }));
        checks.add(new Check("bits are read as they are", () -> {
            float[] nasty = new float[NASTY.length];
            for (int i = 0; i < nasty.length; i++) {
                nasty[i] = (float) NASTY[i];
            }
            Memory memory = device.allocate(DType.FLOAT32, nasty.length);
            device.write(memory, nasty);
            float[] read = new float[nasty.length];
            device.read(memory, read);
            for (int i = 0; i < nasty.length; i++) {
                expect(Float.floatToIntBits(read[i]) == Float.floatToIntBits(nasty[i]), nasty[i] + " is read as "
                        + read[i]);
            }
            device.free(memory);
            return List.of();
        }));
    }

    private static float[] ones(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static void expect(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static String text(int[] shape) {
        StringBuilder text = new StringBuilder();
        for (int extent : shape) {
            text.append(text.isEmpty() ? "" : "x").append(extent);
        }
        return text.toString();
    }
}
