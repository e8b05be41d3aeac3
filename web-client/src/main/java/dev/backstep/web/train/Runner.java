package dev.backstep.web.train;

import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;

/** A run somewhere else: in a worker of this page, or on a server. */
public interface Runner {
    /** Where runs are computed. */
    enum Site { TAB, SERVER }

    /** What one may ask of a run: everything; to go on, pause and stop; or only to be told. */
    enum Control { ALL, STEER, WATCH }

    /** Asks something of it that its {@link #control} allows. */
    void send(RunCommand command);

    /** Hears no more of it. One in this page ends at once, one on a server goes on. */
    void close();

    default Site site() {
        return Site.TAB;
    }

    default Control control() {
        return Control.ALL;
    }

    /** Whether it has ended for good and takes no commands any more. */
    default boolean isOver() {
        return false;
    }

    /** Whether a run of that control takes a command. */
    static boolean takes(Control control, RunCommand command) {
        return switch (command) {
            case RunCommand.Watch _, RunCommand.Save _ -> true;
            case RunCommand.Resume _, RunCommand.Pause _, RunCommand.Stop _ -> control != Control.WATCH;
            case RunCommand.Batches _, RunCommand.Epoch _, RunCommand.Seek _, RunCommand.Reset _ ->
                    control == Control.ALL;
        };
    }

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

        /** What was asked of it was refused; where that was the run itself, it is {@link #gone} next. */
        default void refused(Denial denial) {}

        /** Something that it says of itself, beside what it tells of the run, is another now. */
        default void changed() {}
    }
}
