package dev.backstep.web.ui.devices;

import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.web.device.Entry;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;

/** Devices in words. */
public final class DeviceText {
    /** What a box may be told to run on, beside the choice of the fastest. */
    public static final String AUTO = "auto";

    private static final double NANOS_IN_MS = 1e6;

    private DeviceText() {}

    public static String name(String device) {
        return switch (device) {
            case "cpu", "simd", "webgpu", "cuda", AUTO -> Text.of("devices.name." + device);
            default -> device;
        };
    }

    /** How it stands with a device, in a few words. */
    static String state(Entry entry) {
        String words = Text.of("devices.state." + entry.state().name());
        if (entry.reason() == null || entry.state() == Entry.State.OFF) {
            return words;
        }
        return words + ": " + Text.of("devices.reason." + entry.reason());
    }

    /** Why it is not ready, or null where it is. */
    public static String reason(Entry entry) {
        return entry.isReady() ? null : entry.reason() == null ? Text.of("devices.state." + entry.state().name())
                : Text.of("devices.reason." + entry.reason());
    }

    /** How fast it is; so many a nanosecond are so many thousand millions a second. */
    static String speed(Entry entry) {
        Calibration by = entry.calibration();
        String computing = Text.of("devices.speed", NumberText.brief(2 / by.product()), NumberText.brief(1 / by.step()),
                NumberText.brief(1 / by.function()));
        return by.read() == 0 ? computing
                : computing + " " + Text.of("devices.speed.move", NumberText.brief(by.call() / 1000),
                        NumberText.brief(by.read() / NANOS_IN_MS));
    }

    /** Where a box ran, and why there. */
    public static String ran(PlacedBackend.Ran ran) {
        return ran == null ? Text.of("devices.ran.small")
                : Text.of("devices.ran." + ran.why().name(), name(ran.device()));
    }
}
