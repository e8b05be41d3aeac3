package dev.backstep.web.ui.data;

import dev.backstep.engine.data.Csv;
import dev.backstep.web.jso.Response;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import java.util.function.Consumer;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.html.HTMLTextAreaElement;
import org.teavm.jso.file.Blob;

/** Tables that the reader brings: as files, or typed and pasted into a field. */
public final class TableFile {
    /** A character takes up to four bytes. */
    private static final int MOST_BYTES = 4 * Csv.MAX_CHARACTERS;

    private TableFile() {}

    /** Reads a file; says why where it is too long for a document. */
    public static void read(Blob file, Consumer<String> take) {
        if (file.getSize() > MOST_BYTES) {
            tooLong((long) file.getSize());
            return;
        }
        Background.run(() -> accept(new Response(file).text().await().stringValue(), take));
    }

    private static void accept(String text, Consumer<String> take) {
        if (DataEdits.fits(text)) {
            take.accept(text);
        } else {
            tooLong(text.length());
        }
    }

    private static void tooLong(long length) {
        Notices.error(Text.of("reason.TABLE_TOO_LONG", length, Csv.MAX_CHARACTERS));
    }

    /** Asks the reader for a file. */
    public static void choose(Consumer<String> take) {
        HTMLInputElement input = (HTMLInputElement) Dom.make("input", "");
        input.setType("file");
        input.setAttribute("accept", ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain");
        Dom.on(input, "change", event -> read(input.getFiles().get(0), take));
        input.click();
    }

    /** Lets the reader type or paste a table, beginning with what there is. */
    public static void type(String text, Consumer<String> take) {
        Dialog dialog = new Dialog(Text.of("data.type.title"));
        HTMLTextAreaElement field = (HTMLTextAreaElement) Dom.make("textarea", "field data-typed");
        field.setValue(text);
        field.setAttribute("aria-label", Text.of("data.type.title"));
        field.setAttribute("spellcheck", "false");
        field.setAttribute("placeholder", "x1,x2,label\n0.5,1.2,a\n-1,0.3,b");
        HTMLElement submit = Dom.button("action primary", null, Text.of("data.type.take"), () -> {});
        submit.setAttribute("type", "submit");
        HTMLElement form = Dom.make("form", "form", Dom.make("p", "form-help", Text.of("data.type.help")), field,
                Dom.make("div", "buttons", submit));
        Dom.on(form, "submit", (Event event) -> {
            event.preventDefault();
            dialog.close();
            accept(field.getValue(), take);
        });
        dialog.body().appendChild(form);
        dialog.open();
        field.focus();
    }
}
