package dev.backstep.web.ui;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.teavm.jso.dom.events.KeyboardEvent;

/**
 * Every key of the playground: those who listen to keys ask this table what was meant, and the list of shortcuts shows
 * it. What it does is said by the message {@link #message}.
 */
public enum Shortcut {
    RUN(Place.PAGE, "run", "Ctrl Enter"),
    UNDO(Place.PAGE, "undo", "Ctrl Z"),
    REDO(Place.PAGE, "redo", "Ctrl Shift Z", "Ctrl Y"),
    SEARCH(Place.PAGE, "search", "/"),
    AUTOGRAD(Place.PAGE, "view", "V"),
    HEALTH(Place.PAGE, "health", "H"),
    LEAVE(Place.PAGE, "leave", "Escape"),
    TO_BREAKPOINT(Place.PAGE, "toBreakpoint", "F8"),
    BACK_TO_BREAKPOINT(Place.PAGE, "backToBreakpoint", "Shift F8"),
    HELP(Place.PAGE, "help", "?"),

    ADD(Place.CANVAS, "add", "Space", "/"),
    WALK(Place.CANVAS, "walk", "Tab"),
    WALK_BACK(Place.CANVAS, "walkBack", "Shift Tab"),
    INSPECT(Place.CANVAS, "inspect", "Enter"),
    TYPE(Place.CANVAS, "type", "F2"),
    CONNECT(Place.CANVAS, "connect", "C"),
    CONNECT_INPUT(Place.CANVAS, "connectInput", "Shift C"),
    BREAKPOINT(Place.CANVAS, "breakpoint", "F9"),
    DEVICE_MARKS(Place.CANVAS, "deviceMarks", "M"),
    MENU(Place.CANVAS, "menu", "Shift F10", "ContextMenu"),

    ALL(Place.EDIT, "all", "Ctrl A"),
    COPY(Place.EDIT, "copy", "Ctrl C"),
    CUT(Place.EDIT, "cut", "Ctrl X"),
    PASTE(Place.EDIT, "paste", "Ctrl V"),
    DUPLICATE(Place.EDIT, "duplicate", "Ctrl D"),
    DELETE(Place.EDIT, "delete", "Delete", "Backspace"),
    NUDGE(Place.EDIT, "nudge", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"),
    NUDGE_FAR(Place.EDIT, "nudgeFar", "Shift ArrowLeft", "Shift ArrowUp", "Shift ArrowRight", "Shift ArrowDown"),
    FRAME(Place.EDIT, "frame", "Ctrl G"),
    UNFRAME(Place.EDIT, "unframe", "Ctrl Shift G"),
    LAYOUT(Place.EDIT, "layout", "L"),

    FIT(Place.VIEW, "fit", "0"),
    FIT_SELECTION(Place.VIEW, "fitSelection", "."),
    ZOOM_IN(Place.VIEW, "zoomIn", "+", "="),
    ZOOM_OUT(Place.VIEW, "zoomOut", "-"),

    TRAIN(Place.TRAIN, "train", "T"),
    TRAIN_RUN(Place.TRAIN, "trainRun", "Shift Enter"),
    TRAIN_BATCH(Place.TRAIN, "trainBatch", "]"),
    TRAIN_BACK(Place.TRAIN, "trainBack", "["),
    TRAIN_EPOCH(Place.TRAIN, "trainEpoch", "}"),
    TRAIN_EVENT(Place.TRAIN, "trainEvent", "E"),
    TRAIN_RESET(Place.TRAIN, "trainReset", "Shift R"),
    TRAIN_STOP(Place.TRAIN, "trainStop", "Shift S"),

    STEP_BACK(Place.TIMELINE, "stepBack", "ArrowLeft", "ArrowDown"),
    STEP_FORWARD(Place.TIMELINE, "stepForward", "ArrowRight", "ArrowUp"),
    FIRST(Place.TIMELINE, "first", "Home"),
    LAST(Place.TIMELINE, "last", "End"),
    PLAY(Place.TIMELINE, "play", "Space"),
    CLOSE_LOG(Place.TIMELINE, "closeLog", "Escape"),

    EVENT_BEFORE(Place.EVENTS, "eventBefore", "ArrowUp"),
    EVENT_AFTER(Place.EVENTS, "eventAfter", "ArrowDown"),
    PAGE_BEFORE(Place.EVENTS, "pageBefore", "PageUp"),
    PAGE_AFTER(Place.EVENTS, "pageAfter", "PageDown"),
    FIRST_EVENT(Place.EVENTS, "firstEvent", "Home"),
    LAST_EVENT(Place.EVENTS, "lastEvent", "End"),
    GO_TO_EVENT(Place.EVENTS, "goToEvent", "Enter"),
    EVENT_BREAKPOINT(Place.EVENTS, "eventBreakpoint", "F9"),

    WALK_TAPE(Place.TAPE, "walkTape", "Tab"),
    WALK_TAPE_BACK(Place.TAPE, "walkTapeBack", "Shift Tab"),
    BELOW(Place.TAPE, "below", "ArrowDown"),
    ABOVE(Place.TAPE, "above", "ArrowUp"),
    ASIDE_LEFT(Place.TAPE, "asideLeft", "ArrowLeft"),
    ASIDE_RIGHT(Place.TAPE, "asideRight", "ArrowRight"),
    CHOOSE(Place.TAPE, "choose", "Enter", "Space");

    /** What hands do without keys: {@code gestures.} and this is its message, with {@code .how} the way to do it. */
    public static final List<String> GESTURES = List.of("add", "connect", "fitting", "several", "pan", "zoom", "insert",
            "cut", "snap", "frame", "note", "menu", "menuTouch");

    /**
     * Where the focus must be. EDIT is the canvas too, VIEW that and PyTorch's graph (TAPE), TRAIN the whole page; they
     * part the list.
     */
    public enum Place {
        PAGE, CANVAS, EDIT, VIEW, TRAIN, TIMELINE, EVENTS, TAPE;

        public String message() {
            return "shortcuts.place." + name();
        }
    }

    private final Place place;
    private final String what;
    private final List<Chord> chords;

    Shortcut(Place place, String what, String... chords) {
        this.place = place;
        this.what = what;
        this.chords = Arrays.stream(chords).map(Chord::read).toList();
    }

    /** Keys pressed together. Where Shift only makes a sign, such as {@code ?}, it does not count. */
    private record Chord(boolean command, boolean shift, String key) {
        static Chord read(String text) {
            List<String> parts = List.of(text.split(" "));
            return new Chord(parts.contains("Ctrl"), parts.contains("Shift"), parts.getLast());
        }

        boolean is(KeyboardEvent event) {
            String pressed = event.getKey().equals(" ") ? "Space" : event.getKey();
            boolean sign = key.length() == 1 && !Character.isLetter(key.charAt(0));
            return key.equalsIgnoreCase(pressed) && command == (event.isCtrlKey() || event.isMetaKey())
                    && (sign || shift == event.isShiftKey()) && !event.isAltKey();
        }
    }

    /** What a key means in one of some places, the first of them first; null where it means nothing there. */
    public static Shortcut of(KeyboardEvent event, Place... places) {
        for (Place place : places) {
            for (Shortcut shortcut : values()) {
                if (shortcut.place == place && shortcut.chords.stream().anyMatch(chord -> chord.is(event))) {
                    return shortcut;
                }
            }
        }
        return null;
    }

    public Place place() {
        return place;
    }

    /** The message that says what it does. */
    public String message() {
        return "shortcuts." + what;
    }

    /** Its keys as they are shown, each the keys pressed together. */
    public List<List<String>> shown(boolean mac) {
        return chords.stream().map(chord -> {
            List<String> keys = new ArrayList<>();
            if (chord.command) {
                keys.add(mac ? "⌘" : "Ctrl");
            }
            if (chord.shift) {
                keys.add(mac ? "⇧" : "Shift");
            }
            keys.add(shown(chord.key));
            return List.copyOf(keys);
        }).toList();
    }

    private static String shown(String key) {
        return switch (key) {
            case "ArrowLeft" -> "←";
            case "ArrowUp" -> "↑";
            case "ArrowRight" -> "→";
            case "ArrowDown" -> "↓";
            case "Escape" -> "Esc";
            case "ContextMenu" -> "☰";
            case "PageUp" -> "Page ↑";
            case "PageDown" -> "Page ↓";
            case "-" -> "−";
            default -> key;
        };
    }

    /** The first of its keys, for menus. */
    public String brief(boolean mac) {
        return String.join(mac ? "" : " ", shown(mac).getFirst());
    }
}
