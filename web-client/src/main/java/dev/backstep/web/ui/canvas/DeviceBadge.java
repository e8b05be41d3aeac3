package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.devices.DeviceMark;

/** A mark that says where a node ran. */
record DeviceBadge(DeviceMark mark) implements Badge {
    @Override
    public String style() {
        return mark.warns() ? "device warns" : "device";
    }

    @Override
    public String text() {
        return mark.text();
    }

    @Override
    public String meaning() {
        return mark.meaning();
    }
}
