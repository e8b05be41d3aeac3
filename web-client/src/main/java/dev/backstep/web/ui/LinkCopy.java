package dev.backstep.web.ui;

import dev.backstep.web.jso.Clipboard;
import java.util.function.Consumer;
import org.teavm.jso.browser.Location;

/** Puts the address of something on this server into the clipboard. */
public final class LinkCopy {
    private LinkCopy() {}

    /**
     * Tries to, in the background.
     *
     * @param path where it is, with the slash in front
     * @param refused is told in words where the browser does not let us, with the address to be copied by hand
     */
    public static void of(String path, Runnable copied, Consumer<String> refused) {
        Background.run(() -> {
            Location location = Location.current();
            String address = location.getProtocol() + "//" + location.getHost() + path;
            try {
                Clipboard.writeText(address).await();
                copied.run();
            } catch (Throwable forbidden) {
                refused.accept(Text.of("train.server.copyByHand", address));
            }
        });
    }
}
