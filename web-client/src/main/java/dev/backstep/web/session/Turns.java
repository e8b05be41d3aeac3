package dev.backstep.web.session;

/** The time of the one thread that computes and shows. */
public interface Turns {
    /** Time enough for all: work is never divided. */
    Turns ENDLESS = new Turns() {
        @Override
        public double now() {
            return 0;
        }

        @Override
        public void next(Runnable work) {
            work.run();
        }
    };

    /** Milliseconds since some moment. */
    double now();

    /** Does it after what has come meanwhile: input, frames. */
    void next(Runnable work);
}
