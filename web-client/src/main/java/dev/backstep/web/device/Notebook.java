package dev.backstep.web.device;

/** Where choices and what was measured are kept. */
public interface Notebook {
    /** Keeps nothing. */
    Notebook NONE = new Notebook() {
        @Override
        public String get(String name) {
            return null;
        }

        @Override
        public void put(String name, String value) {
        }
    };

    /** What was put under that name, or null. */
    String get(String name);

    void put(String name, String value);
}
