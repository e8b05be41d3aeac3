package dev.backstep.web.device;

import dev.backstep.engine.backend.device.Device;

/** How a device of this browser is had. */
public interface Opener {
    /**
     * Calls one of the answer's methods, at once or later.
     *
     * @param asked whether the reader or the document asked for this very device; else one that is there but of no
     *     use may be missing, for the reason {@link #SOFTWARE}
     */
    void open(boolean asked, Answer answer);

    /** There is only a program in the place of a graphics processor. */
    String SOFTWARE = "SOFTWARE";

    /** What came of it. */
    interface Answer {
        /** @param detail what the browser calls it; results of tests are kept under that */
        void found(Device device, String detail);

        /** @param reason a word of the messages after {@code devices.reason.} */
        void missing(String reason, String detail);

        /** It was there, and is not any more. */
        void lost(String detail);
    }
}
