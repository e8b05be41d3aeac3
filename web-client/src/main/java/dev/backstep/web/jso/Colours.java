package dev.backstep.web.jso;

import org.teavm.jso.JSBody;

/** Colours of the style sheets as pictures need them. */
public final class Colours {
    private Colours() {}

    /** What a custom property stands for in the theme that is shown; canvas knows no light-dark(). */
    @JSBody(params = "name", script = "var probe = document.createElement('i'); probe.hidden = true;"
            + "probe.style.color = 'var(' + name + ')'; document.body.append(probe);"
            + "var color = getComputedStyle(probe).color; probe.remove(); return color;")
    public static native String of(String name);
}
