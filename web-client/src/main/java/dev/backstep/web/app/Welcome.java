package dev.backstep.web.app;

import dev.backstep.web.session.Editor;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** What an empty canvas says: how to begin. */
final class Welcome {
    private final Editor editor;
    private final Examples examples;
    private final HTMLElement element = Dom.make("div", "canvas-empty");

    Welcome(Editor editor, Examples examples) {
        this.editor = editor;
        this.examples = examples;
        Dom.byId("canvas").appendChild(element);
        editor.changed.listen(this::show);
        Text.onChange(this::fill);
    }

    private void fill() {
        Dom.clear(element);
        Dom.append(element, Dom.make("strong", "", Text.of("welcome.title")),
                Dom.make("p", "", Text.of("welcome.text")),
                Dom.button("action primary", "book-open", Text.of("welcome.example"),
                        () -> Background.run(examples::openFirst)));
        show();
    }

    private void show() {
        element.setHidden(!editor.graph().nodes().isEmpty());
    }
}
