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
    private static final String TO_TRAIN = "examples.train";

    private final Opening opening;
    private final Runnable training;
    private final Menu menu;
    /** What there is; null until it is here. */
    private StringMaps index;

    /** @param training shows where documents are trained */
    Examples(Opening opening, Runnable training) {
        this.opening = opening;
        this.training = training;
        menu = new Menu(Dom.byId("examples"), this::fill);
    }

    /** Loads the list; may wait. Says so where the server cannot be reached. */
    void load() {
        try {
            index = (StringMaps) JSON.parse(text("examples/index.json"));
            menu.refresh();
        } catch (Throwable unreachable) {
            Notices.error(Text.of("error.offline"));
        }
    }

    private static String text(String name) {
        return Fetch.get(Assets.url(name)).await().text().await().stringValue();
    }

    private void fill(Menu menu) {
        if (index == null) {
            menu.title(Text.of("examples.loading"));
            Background.run(this::load);
            return;
        }
        String group = "";
        for (int i = 0; i < index.getLength(); i++) {
            StringMap example = index.get(i);
            if (!group.equals(example.get("group"))) {
                group = example.get("group");
                menu.title(Text.of(group));
            }
            String id = example.get("id");
            menu.item(null, Text.of(example.get("title")), Text.of(example.get("text")),
                    null, () -> Background.run(() -> open(id, example.get("group"))));
        }
    }

    private void open(String id, String group) {
        try {
            opening.document(text("examples/" + id + ".json"));
            if (TO_TRAIN.equals(group)) {
                training.run();
            }
        } catch (Throwable unreachable) {
            Notices.error(Text.of("error.offline"));
        }
    }

    /** Opens the first one; may wait. */
    void openFirst() {
        if (index == null) {
            load();
        }
        if (index != null) {
            open(index.get(0).get("id"), index.get(0).get("group"));
        }
    }
}
