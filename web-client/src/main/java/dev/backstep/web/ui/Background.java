package dev.backstep.web.ui;

/** Starts what may wait for a promise: only TeaVM's own threads can. */
public final class Background {
    private Background() {}

    public static void run(Runnable work) {
        new Thread(work).start();
    }
}
