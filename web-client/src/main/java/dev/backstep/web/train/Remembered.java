package dev.backstep.web.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.teavm.jso.browser.Storage;

/**
 * A few words by name, kept in this browser; the oldest make room for new ones. A browser that keeps nothing remembers
 * for this visit.
 */
final class Remembered {
    private static final int MOST = 50;

    private final String key;
    private final Map<String, String> words = new LinkedHashMap<>();

    /** @param key where in the browser's storage */
    Remembered(String key) {
        this.key = key;
    }

    /** What was put under a name, or null. */
    String get(String name) {
        read();
        return words.get(name);
    }

    /** @param word without spaces, as the name */
    void put(String name, String word) {
        read();
        words.remove(name);
        words.put(name, word);
        while (words.size() > MOST) {
            words.remove(words.keySet().iterator().next());
        }
        StringBuilder text = new StringBuilder();
        words.forEach((each, its) -> text.append(each).append(' ').append(its).append('\n'));
        try {
            Storage.getLocalStorage().setItem(key, text.toString());
        } catch (Throwable forbidden) {
            // Then it is remembered here alone.
            return;
        }
    }

    /** Another tab may have put something meanwhile. */
    private void read() {
        String text;
        try {
            text = Storage.getLocalStorage().getItem(key);
        } catch (Throwable forbidden) {
            return;
        }
        if (text == null) {
            return;
        }
        words.clear();
        for (String line : text.split("\n")) {
            int space = line.indexOf(' ');
            if (space > 0) {
                words.put(line.substring(0, space), line.substring(space + 1));
            }
        }
    }
}
