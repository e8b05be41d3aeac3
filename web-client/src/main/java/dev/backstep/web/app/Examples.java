package dev.backstep.web.app;

import dev.backstep.web.jso.Assets;
import dev.backstep.web.jso.Fetch;
import dev.backstep.web.jso.StringMap;
import dev.backstep.web.jso.StringMaps;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Menu;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import org.teavm.jso.json.JSON;

/** The menu of examples, from static/examples. */
final class Examples {
    private final Opening opening;
    private StringMaps index;

    Examples(Opening opening) {
        this.opening = opening;
        new Menu(Dom.byId("examples"), this::fill);
    }

    /** Loads the list; may wait. */
    void load() {
        index = (StringMaps) JSON.parse(text("examples/index.json"));
    }

    private static String text(String name) {
        return Fetch.get(Assets.url(name)).await().text().await().stringValue();
    }

    void fill(Menu menu) {
        for (int i = 0; index != null && i < index.getLength(); i++) {
            StringMap example = index.get(i);
            String id = example.get("id");
            menu.item(null, Text.of(example.get("title")), Text.of(example.get("text")),
                    null, () -> Background.run(() -> open(id)));
        }
    }

    private void open(String id) {
        try {
            opening.document(text("examples/" + id + ".json"));
        } catch (Throwable unreachable) {
            Notices.error(Text.of("error.offline"));
        }
    }

    /** Opens the first one; may wait. */
    void openFirst() {
        open(index.get(0).get("id"));
    }
}
