package dev.backstep.engine.train;

import java.util.Set;

/** What whoever watches a run asks of it. */
public sealed interface RunCommand {
    /** Goes on until {@link Pause}, the last epoch, or a loss that is no number. */
    record Resume() implements RunCommand {}

    record Pause() implements RunCommand {}

    /** Takes so many batches and pauses; a negative number goes back to exactly what was there. */
    record Batches(int count) implements RunCommand {}

    /** Takes batches to the end of the epoch, and pauses. */
    record Epoch() implements RunCommand {}

    /** Goes to where so many batches had been taken, and pauses. */
    record Seek(long batch) implements RunCommand {}

    /** Begins anew: batch 0, parameters and generators as the document has them. */
    record Reset() implements RunCommand {}

    /** Which figures are worth making, because somebody looks at them. */
    record Watch(Set<Figure> figures) implements RunCommand {}

    /** Asks for a {@link RunEvent.Saved} now. */
    record Save() implements RunCommand {}

    /** Ends the run. */
    record Stop() implements RunCommand {}
}
