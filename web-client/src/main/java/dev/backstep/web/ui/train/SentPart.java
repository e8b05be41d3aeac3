package dev.backstep.web.ui.train;

import dev.backstep.web.train.Parcel;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ByteText;
import dev.backstep.web.value.NumberText;
import org.teavm.jso.browser.Location;
import org.teavm.jso.dom.html.HTMLElement;

/** Says what goes to the server before anything does. */
public final class SentPart {
    private SentPart() {}

    public static HTMLElement of(Parcel parcel) {
        HTMLElement list = Dom.make("dl", "server-facts");
        fact(list, "train.server.boxes", NumberText.grouped(parcel.boxes()));
        fact(list, "train.server.parameters", NumberText.grouped(parcel.parameters()));
        fact(list, "train.server.rows", parcel.rows() == 0 ? Text.of("train.server.rows.none")
                : NumberText.grouped(parcel.rows()));
        fact(list, "train.server.bytes", ByteText.of(parcel.bytes()));
        return Dom.make("section", "dialog-section", Dom.make("h3", "", Text.of("train.server.sent")),
                Dom.make("p", "hint", Text.of("train.server.sent.text", Location.current().getHost())), list,
                Dom.make("p", "form-help", Text.of("train.server.kept")));
    }

    static void fact(HTMLElement list, String key, String text) {
        Dom.append(list, Dom.make("dt", "", Text.of(key)), Dom.make("dd", "", text));
    }
}
