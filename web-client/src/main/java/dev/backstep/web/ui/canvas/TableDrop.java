package dev.backstep.web.ui.canvas;

import dev.backstep.web.jso.DragEvent;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.data.TableFile;
import java.util.Arrays;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.xml.Element;

/** Files dropped on the page: a table goes into the data box it is dropped on, or makes a new one. */
final class TableDrop {
    private final Canvas canvas;

    TableDrop(Canvas canvas) {
        this.canvas = canvas;
        HTMLDocument page = HTMLDocument.current();
        Dom.on(page, "dragover", (DragEvent event) -> {
            if (isFile(event)) {
                // Else the browser would leave the page for the file.
                event.preventDefault();
                Dom.flag(canvas.view, "file-over", canvas.covers(event.getClientX(), event.getClientY()));
            }
        });
        Dom.on(page, "dragleave", event -> Dom.flag(canvas.view, "file-over", false));
        Dom.on(page, "drop", (DragEvent event) -> {
            if (isFile(event)) {
                event.preventDefault();
                Dom.flag(canvas.view, "file-over", false);
                drop(event);
            }
        });
    }

    private static boolean isFile(DragEvent event) {
        return Arrays.asList(event.getDataTransfer().getTypes()).contains("Files");
    }

    private void drop(DragEvent event) {
        if (event.getDataTransfer().getFiles().getLength() == 0) {
            return;
        }
        double x = event.getClientX();
        double y = event.getClientY();
        String node = canvas.covers(x, y) ? Hit.of((Element) event.getTarget(), canvas.view).node()
                : canvas.editor.selection.single();
        String box = node != null && DataEdits.isData(canvas.editor.graph().node(node)) ? node : null;
        TableFile.read(event.getDataTransfer().getFiles().get(0), text -> canvas.adding.table(text, box, x, y));
    }
}
