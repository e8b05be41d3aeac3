package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.View;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers tensors as they are. A snapshot shares its tensor's memory until somebody is about to write there, who says
 * so by {@link #beforeWrite}; then all snapshots of that memory move to one copy of it.
 */
public final class Snapshots {
    private final Map<Buffer, List<Tensor>> byMemory = new IdentityHashMap<>();

    /** The tensor's numbers as they are now, outside the graph; null of null. */
    public Tensor of(Tensor tensor) {
        if (tensor == null) {
            return null;
        }
        Tensor snapshot = tensor.detach();
        byMemory.computeIfAbsent(tensor.view().buffer(), _ -> new ArrayList<>()).add(snapshot);
        return snapshot;
    }

    /** Says that the memory of a tensor is about to be written. */
    public void beforeWrite(Tensor tensor) {
        Buffer memory = tensor.view().buffer();
        List<Tensor> snapshots = byMemory.remove(memory);
        if (snapshots != null) {
            View all = View.contiguous(memory, new int[] {memory.size()});
            Buffer copy = Movement.copy(all).buffer();
            copy.countAs(memory);
            snapshots.forEach(snapshot -> snapshot.moveTo(copy));
        }
    }
}
