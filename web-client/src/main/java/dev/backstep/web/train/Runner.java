package dev.backstep.web.train;

import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;

/** A run somewhere else: in a worker of this page, or on a server. */
public interface Runner {
    void send(RunCommand command);

    /** Ends it at once, wherever it is. */
    void close();

    /** Who hears what it tells. */
    interface Listener {
        void told(RunEvent event);

        /** It tells a checkpoint, the bytes of a {@link RunEvent.Saved} apart from it. */
        void saved(long batch, Bytes checkpoint);

        /**
         * It is gone, and will tell nothing more.
         *
         * @param why empty where nobody knows
         */
        void gone(String why);
    }
}
