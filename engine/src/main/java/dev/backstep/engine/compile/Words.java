package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Memory;

/** The words that a random generator gives next, where they lie on a device. */
final class Words {
    final Memory memory;
    private final Device device;
    /** Where the generator stood whose next words lie there. */
    private final MersenneTwister known = new MersenneTwister();

    Words(Device device) {
        this.device = device;
        memory = device.allocate(DType.INT64, MersenneTwister.SIZE);
    }

    /** Has the next words of that generator lie there, unless they do. */
    void follow(MersenneTwister twister) {
        if (!known.isAt(twister)) {
            device.write(memory, twister.ahead());
            known.set(twister);
        }
    }

    /** Says that so many words were taken from there. The generator owes them. */
    void took(MersenneTwister twister, int count) {
        twister.skip(count);
        known.skip(count);
    }
}
