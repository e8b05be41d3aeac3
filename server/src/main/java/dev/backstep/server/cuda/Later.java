package dev.backstep.server.cuda;

import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.Pending;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Readings that nobody waits for: each has memory of the host and an event, which are used again afterwards. */
final class Later {
    /** The most bytes that are read so. */
    static final long MOST = 16L << 20;

    private final CudaDevice device;
    private final Driver driver;
    private final List<Place> places = new ArrayList<>();

    /** Where a reading arrives. */
    private static final class Place {
        final MemorySegment memory;
        final long event;
        /** Who waits for it; whoever is forgotten waits no more. */
        WeakReference<Reading> reading = new WeakReference<>(null);

        Place(MemorySegment memory, long event) {
            this.memory = memory;
            this.event = event;
        }

        boolean isFree() {
            Reading waiting = reading.get();
            return waiting == null || waiting.values != null;
        }
    }

    Later(CudaDevice device, Driver driver) {
        this.device = device;
        this.driver = driver;
    }

    /** The first floats of memory as they are when all is done that was asked so far. */
    Pending read(long address, int count) {
        long bytes = 4L * count;
        Place place = place(bytes);
        driver.cuMemcpyDtoHAsync(place.memory, address, bytes);
        driver.cuEventRecord(place.event);
        Reading reading = new Reading(place, count);
        place.reading = new WeakReference<>(reading);
        return reading;
    }

    /** A place that is free; where nobody has waited for it, the stream's order keeps readings apart. */
    private Place place(long bytes) {
        for (Place place : places) {
            if (place.memory.byteSize() >= bytes && place.memory.byteSize() <= 4 * Pool.size(bytes) && place.isFree()) {
                return place;
            }
        }
        Place place = new Place(driver.cuMemHostAlloc(Pool.size(bytes)), driver.cuEventCreate());
        places.add(place);
        return place;
    }

    /** One reading. */
    private final class Reading implements Pending {
        private final Place place;
        private final int count;
        private float[] values;

        Reading(Place place, int count) {
            this.place = place;
            this.count = count;
        }

        @Override
        public boolean isReady() {
            try {
                return values != null || device.ask(() -> driver.cuEventQuery(place.event));
            } catch (DeviceException failed) {
                // Then the numbers will never come, and whoever takes them is told.
                return true;
            }
        }

        @Override
        public float[] floats() {
            if (values == null) {
                device.ask(() -> {
                    driver.cuEventSynchronize(place.event);
                    return true;
                });
                values = place.memory.asSlice(0, 4L * count).toArray(ValueLayout.JAVA_FLOAT);
            }
            return values;
        }
    }
}
