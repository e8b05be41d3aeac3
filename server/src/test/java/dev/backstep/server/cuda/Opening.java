package dev.backstep.server.cuda;

import java.util.concurrent.CountDownLatch;

/** A device that computes nothing and is not found before it is let go. */
public final class Opening {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final FakeDriver driver = new FakeDriver();
    private final Cuda cuda = Cuda.open(() -> {
        try {
            gate.await();
        } catch (InterruptedException _) {
            throw new Missing("interrupted");
        }
        return driver;
    }, null, false);

    public Cuda cuda() {
        return cuda;
    }

    public void letGo() {
        gate.countDown();
    }
}
