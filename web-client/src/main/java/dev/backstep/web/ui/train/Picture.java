package dev.backstep.web.ui.train;

import dev.backstep.web.train.RunLog;
import java.util.List;

/** One way to look at a run: drawn, said in a sentence, and as a table. */
interface Picture {
    /** The message that names it. */
    String title();

    /** Whether the run has told what it needs. */
    boolean isThere(RunLog run);

    /** How well it suits the run: the one with the least is shown first. */
    int rank(RunLog run);

    /** What it shows, with its latest figures, for those who do not see it. */
    String said(RunLog run);

    /** What it is drawn of: as long as that is equal, it need not be drawn again. */
    Object told(RunLog run);

    /** How high it is best drawn where it is so wide. */
    double height(RunLog run, double width);

    void draw(RunLog run, Pen pen, Palette palette, double width, double height);

    /** The same as rows of numbers, the names of the columns first. */
    List<List<String>> rows(RunLog run);
}
