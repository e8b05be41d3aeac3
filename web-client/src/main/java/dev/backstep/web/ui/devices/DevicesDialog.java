package dev.backstep.web.ui.devices;

import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Entry;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** The devices of this browser: whether they are used and why not, how fast they are, what they fail at. */
public final class DevicesDialog {
    private final Devices devices;
    private final HTMLElement list = Dom.make("div", "devices-list");

    public DevicesDialog(Devices devices) {
        this.devices = devices;
        list.setAttribute("aria-live", "polite");
        devices.changed.listen(this::refresh);
    }

    public void open() {
        devices.want();
        Dialog dialog = new Dialog(Text.of("devices.title"));
        dialog.body().appendChild(Dom.make("p", "hint", Text.of("devices.intro")));
        dialog.body().appendChild(list);
        show();
        dialog.open();
    }

    private void refresh() {
        if (list.getOffsetWidth() == 0) {
            return;
        }
        HTMLElement focused = HTMLDocument.current().getActiveElement();
        String field = focused == null ? null : focused.getAttribute("data-field");
        show();
        HTMLElement again = field == null ? null : list.querySelector("[data-field=\"" + field + "\"]");
        if (again != null) {
            again.focus();
        }
    }

    private void show() {
        Dom.clear(list);
        for (Entry entry : devices.entries()) {
            list.appendChild(device(entry));
        }
    }

    private HTMLElement device(Entry entry) {
        HTMLElement part = Dom.make("section", "devices-part");
        part.setAttribute("data-device", entry.name());
        part.setAttribute("data-state", entry.state().name());
        HTMLElement state = Dom.make("span", "devices-state", DeviceText.state(entry));
        part.appendChild(Dom.make("div", "devices-head", Dom.make("h3", "", DeviceText.name(entry.name())), state));
        if (!entry.detail().isEmpty()) {
            part.appendChild(Dom.make("p", "devices-detail", entry.detail()));
        }
        if (entry.calibration() != null) {
            part.appendChild(Dom.make("p", "form-help", DeviceText.speed(entry)));
        }
        if (!entry.failed().isEmpty()) {
            part.appendChild(Dom.make("p", "problem", Text.of("devices.failed", String.join(", ", entry.failed()))));
        }
        part.appendChild(buttons(entry));
        return part;
    }

    private HTMLElement buttons(Entry entry) {
        HTMLElement buttons = Dom.make("div", "buttons");
        boolean isCpu = entry.name().equals(PlacedBackend.CPU);
        if (!isCpu && entry.state() != Entry.State.MISSING && entry.state() != Entry.State.LOST) {
            HTMLInputElement box = (HTMLInputElement) Dom.make("input", "");
            box.setType("checkbox");
            box.setChecked(entry.state() != Entry.State.OFF);
            box.setAttribute("data-field", "use-" + entry.name());
            Dom.on(box, "change", event -> devices.use(entry.name(), box.isChecked()));
            buttons.appendChild(Dom.make("label", "switch", box,
                    Dom.make("span", "", Text.of("devices.use", DeviceText.name(entry.name())))));
        }
        if (entry.isReady()) {
            HTMLElement again = Dom.button("action outlined", "rotate-ccw", Text.of("devices.again"),
                    () -> devices.again(entry.name()));
            again.setAttribute("data-field", "again-" + entry.name());
            Dom.label(again, Text.of("devices.again.of", DeviceText.name(entry.name())));
            buttons.appendChild(again);
        }
        return buttons;
    }
}
