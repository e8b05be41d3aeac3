package dev.backstep.web.app;

import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;

/** {@code window.backstep}. */
final class Api {
    Api(Editor editor, Player player, Opening opening) {
    }

    void publish() {
    }
}
