package dev.backstep.web.ui.devices;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Entry;
import dev.backstep.web.ui.Text;

/**
 * What is worth a mark on a box of where it ran: on another device than the plain CPU, where it was told to, or not
 * where it was told to.
 *
 * @param device where it ran
 * @param told where it was told to run, if it did not
 */
public record DeviceMark(Kind kind, String device, String told) {
    /** Why it ran there. */
    public enum Kind {
        FASTEST, FORCED,
        /** The device does not do it. */
        REFUSED,
        /** Only the CPU computes with these types. */
        TYPE,
        /** Only the CPU has float64. */
        DOUBLE,
        /** The device that was chosen is not ready. */
        NOT_HERE
    }

    /** Whether a box can be told where to run. */
    public static boolean applies(GraphNode node) {
        return NodeTypes.attrs(NodeTypes.of(node)).stream().anyMatch(spec -> spec.name().equals(NodeTypes.DEVICE));
    }

    /**
     * The mark of a box; null where there is nothing to say.
     *
     * @param value its output, or null while it has none
     */
    public static DeviceMark of(Devices devices, GraphNode node, Tensor value) {
        if (value == null) {
            return null;
        }
        Object set = node.attrs().get(NodeTypes.DEVICE);
        String told = set == null || NodeTypes.AUTO.equals(set) ? null : (String) set;
        PlacedBackend.Ran ran = devices.ran(node.id());
        if (told == null && ran == null && value.dtype() != DType.FLOAT64) {
            return null;
        }
        if (value.dtype() == DType.FLOAT64) {
            boolean matters = told != null ? !told.equals(PlacedBackend.CPU)
                    : value.numel() >= PlacedBackend.SMALL && devices.isMoreThanCpu() && applies(node);
            return matters ? new DeviceMark(Kind.DOUBLE, PlacedBackend.CPU, told) : null;
        }
        Entry chosen = told == null ? null : devices.entry(told);
        if (told != null && (chosen == null || !chosen.isReady())) {
            return new DeviceMark(Kind.NOT_HERE, ran == null ? PlacedBackend.CPU : ran.device(), told);
        }
        if (ran == null) {
            return null;
        }
        return switch (ran.why()) {
            case FASTEST -> ran.device().equals(PlacedBackend.CPU) ? null
                    : new DeviceMark(Kind.FASTEST, ran.device(), null);
            case FORCED -> new DeviceMark(Kind.FORCED, ran.device(), null);
            case REFUSED -> new DeviceMark(Kind.REFUSED, ran.device(), told);
            case TYPE -> told == null ? null : new DeviceMark(Kind.TYPE, ran.device(), told);
        };
    }

    /** Whether it ran elsewhere than it was to. */
    public boolean warns() {
        return kind == Kind.REFUSED || told != null;
    }

    /** The device's name as short as it gets. */
    public String text() {
        String name = Text.of("devices.mark." + device);
        return warns() ? Text.of("devices.mark.warns", name) : name;
    }

    /** Where it ran and why, in a sentence. */
    public String meaning() {
        return switch (kind) {
            case DOUBLE -> Text.of("devices.ran.double");
            case NOT_HERE -> Text.of("devices.ran.notHere", DeviceText.name(device), DeviceText.name(told));
            default -> Text.of("devices.ran." + kind.name(), DeviceText.name(device));
        };
    }
}
