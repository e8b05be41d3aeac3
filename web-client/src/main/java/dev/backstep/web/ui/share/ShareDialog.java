package dev.backstep.web.ui.share;

import dev.backstep.engine.step.SharedRun;
import dev.backstep.web.jso.Clipboard;
import dev.backstep.web.jso.Fetch;
import dev.backstep.web.jso.Response;
import dev.backstep.web.jso.StringMap;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.json.JSON;

/** Offers the ways to share what is open: a link that holds all of it, a short link, a file. */
public final class ShareDialog {
    /** Up to this long a link is offered as it is; messengers and mail carry it. */
    private static final int COMFORTABLE = 2_000;

    /** Beyond this many start to cut it: only the short link and the file remain. */
    private static final int LONGEST = 8_000;

    private final Dialog dialog = new Dialog(Text.of("share.title"));
    private final SharedRun shared;

    private ShareDialog(SharedRun shared) {
        this.shared = shared;
    }

    /** Opens the dialog for what a player shows. */
    public static void open(Player player) {
        ShareDialog dialog = new ShareDialog(player.shared(Text.language()));
        Background.run(dialog::fill);
    }

    private void fill() {
        String link = LinkText.write(shared);
        HTMLElement whole = link.length() > LONGEST ? tooLong(link) : whole(link);
        if (link.length() <= COMFORTABLE) {
            Dom.append(dialog.body(), whole, shortLink());
        } else {
            Dom.append(dialog.body(), shortLink(), whole);
        }
        dialog.body().appendChild(section("share.file", "share.file.text", Dom.button("action outlined", "download",
                Text.of("more.save"), () -> Files.save(shared.graph()))));
        dialog.open();
    }

    private static HTMLElement section(String titleKey, String textKey, HTMLElement... content) {
        HTMLElement section = Dom.make("section", "dialog-section", Dom.make("h3", "", Text.of(titleKey)),
                Dom.make("p", "hint", Text.of(textKey)));
        return Dom.append(section, content);
    }

    private HTMLElement whole(String link) {
        return section("share.link", "share.link.text", copyRow("share-link", "share.link", link),
                Dom.make("p", "form-help", Text.of("share.length", link.length())));
    }

    private HTMLElement tooLong(String link) {
        return section("share.link", "share.tooLong",
                Dom.make("p", "form-help", Text.of("share.length", link.length())));
    }

    private HTMLElement copyRow(String id, String labelKey, String text) {
        HTMLInputElement field = (HTMLInputElement) Dom.make("input", "field");
        field.setId(id);
        field.setReadOnly(true);
        field.setValue(text);
        field.setAttribute("aria-label", Text.of(labelKey));
        Dom.on(field, "focus", event -> field.select());
        return Dom.make("div", "copy-row", field, Dom.button("action primary", "copy", Text.of("share.copy"),
                () -> Background.run(() -> copy(field))));
    }

    private void copy(HTMLInputElement field) {
        try {
            Clipboard.writeText(field.getValue()).await();
            Notices.tell(Text.of("share.copied"));
        } catch (Throwable forbidden) {
            field.focus();
            field.select();
            Notices.error(Text.of("share.copyByHand"));
        }
    }

    private HTMLElement shortLink() {
        HTMLElement place = Dom.make("div", "");
        place.appendChild(Dom.button("action outlined", "link", Text.of("share.makeShort"),
                () -> Background.run(() -> makeShort(place))));
        return section("share.short", "share.short.text", place);
    }

    private void makeShort(HTMLElement place) {
        Response response;
        try {
            response = Fetch.post("/api/links", shared.write()).await();
        } catch (Throwable unreachable) {
            Notices.error(Text.of("error.offline"));
            return;
        }
        StringMap answer = (StringMap) JSON.parse(response.text().await().stringValue());
        if (!response.isOk()) {
            Notices.error(Text.of("share.shortRefused", answer.get("detail")));
            return;
        }
        Dom.clear(place);
        String url = answer.get("url");
        place.appendChild(copyRow("share-short", "share.short", url));
        Window.setTimeout(() -> place.querySelector("button").focus(), 0);
    }
}
