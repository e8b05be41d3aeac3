package dev.backstep.web.app;

import dev.backstep.web.jso.Assets;
import dev.backstep.web.jso.Fetch;
import dev.backstep.web.session.Signal;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Menu;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Settings;
import dev.backstep.web.ui.Text;
import org.teavm.jso.browser.Navigator;
import org.teavm.jso.dom.html.HTMLDocument;

/** Language and theme. */
final class Look {
    /** The theme that the reader chose is another one. */
    static final Signal themed = new Signal();

    private Look() {}

    /** Puts the theme on and loads the words; may wait. */
    static void start() {
        showTheme();
        String wished = Navigator.getLanguage().startsWith("zh") ? "zh" : "en";
        load(Settings.get("language", wished));
    }

    static void addMenus() {
        new Menu(Dom.byId("language"), Look::languages);
        new Menu(Dom.byId("theme"), Look::themes);
    }

    /** Each language by its own name, so that whoever ended up in the wrong one finds back. */
    static void languages(Menu menu) {
        menu.choice(Text.of("language.en"), Text.language().equals("en"), () -> choose("en"));
        menu.choice(Text.of("language.zh"), Text.language().equals("zh"), () -> choose("zh"));
    }

    static void themes(Menu menu) {
        String now = Settings.get("theme", "system");
        for (String theme : new String[] {"system", "light", "dark"}) {
            menu.choice(Text.of("theme." + theme), theme.equals(now), () -> {
                Settings.put("theme", theme);
                showTheme();
            });
        }
    }

    private static void showTheme() {
        String theme = Settings.get("theme", "system");
        Dom.attribute(HTMLDocument.current().getDocumentElement(), "data-theme",
                theme.equals("system") ? null : theme);
        themed.fire();
    }

    private static void choose(String language) {
        Settings.put("language", language);
        Background.run(() -> load(language));
    }

    /** Changes the words, for this visit; may wait. */
    static void load(String language) {
        String file = language.equals("zh") ? "messages/zh.json" : "messages/en.json";
        try {
            Text.use(language, Fetch.get(Assets.url(file)).await().text().await().stringValue());
        } catch (Throwable unreachable) {
            Notices.error(Text.of("error.offline"));
        }
    }
}
