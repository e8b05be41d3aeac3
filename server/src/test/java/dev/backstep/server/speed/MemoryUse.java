package dev.backstep.server.speed;

import com.sun.management.GarbageCollectorMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The most memory that work holds at a time, models and all: the largest of many looks at random moments while it runs
 * again and again, less what was held before.
 */
@SuppressWarnings("restricted")   // How the tests are started allows native access.
final class MemoryUse {
    private static final StructLayout MALLINFO = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG).withName("fields"));
    /** {@code hblkhd} and {@code uordblks} of the C library's {@code struct mallinfo2}. */
    private static final int MAPPED = 4;
    private static final int USED = 7;

    private MemoryUse() {
    }

    /** By the heap that is in use after a collection: what of our tensors, nodes and arrays can be reached. */
    static long ofHeap(Supplier<Work> work, int looks) {
        return peak(work, looks, MemoryUse::heap);
    }

    /** By what the C library has given out, which is where LibTorch's tensors lie. */
    static long ofNative(Supplier<Work> work, int looks) {
        MethodHandle mallinfo = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("mallinfo2"), FunctionDescriptor.of(MALLINFO));
        return peak(work, looks, () -> malloced(mallinfo));
    }

    private static long peak(Supplier<Work> supplier, int looks, LongSupplier held) {
        long before = held.getAsLong();
        Work work = supplier.get();
        for (int i = 0; i < 300; i++) {
            work.run();
        }
        long[] most = {0};
        AtomicBoolean done = new AtomicBoolean();
        Thread looker = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < looks; i++) {
                most[0] = Math.max(most[0], held.getAsLong());
            }
            done.set(true);
        });
        while (!done.get()) {
            work.run();
        }
        try {
            looker.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return most[0] - before;
    }

    /** In use after the collection of all generations that this asks for. */
    private static long heap() {
        System.gc();
        GarbageCollectorMXBean full = ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .max(Comparator.comparing(collector -> collector.getMemoryPoolNames().length)).orElseThrow();
        Map<String, MemoryUsage> after = full.getLastGcInfo().getMemoryUsageAfterGc();
        long used = 0;
        for (String pool : full.getMemoryPoolNames()) {
            used += after.get(pool).getUsed();
        }
        return used;
    }

    private static long malloced(MethodHandle mallinfo) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) mallinfo.invoke(arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED) + info.getAtIndex(ValueLayout.JAVA_LONG, USED);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
