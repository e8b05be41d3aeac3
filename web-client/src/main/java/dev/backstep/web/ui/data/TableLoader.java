package dev.backstep.web.ui.data;

import dev.backstep.engine.data.Source;
import dev.backstep.engine.data.Tables;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.web.jso.Assets;
import dev.backstep.web.jso.Fetch;
import dev.backstep.web.jso.Response;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.session.Editor;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import java.util.HashSet;
import java.util.Set;

/** Brings the tables that a document needs, each once, when it first needs them. */
public final class TableLoader {
    private final Editor editor;
    private final Runnable came;
    private final Set<String> asked = new HashSet<>();

    /** @param came runs when a table came that the document waits for */
    public TableLoader(Editor editor, Runnable came) {
        this.editor = editor;
        this.came = came;
        editor.changed.listen(this::look);
    }

    private void look() {
        for (GraphNode node : editor.graph().nodes()) {
            if (DataEdits.isData(node)) {
                Source source = DataBox.source(NodeTypes.attrs(node));
                if (!source.isHere() && asked.add(source.table())) {
                    Background.run(() -> load(source.table()));
                }
            }
        }
    }

    private void load(String table) {
        try {
            Response response = Fetch.get(Assets.url("data/" + table + ".csv")).await();
            if (!response.isOk()) {
                throw new IllegalStateException("status " + response.getStatus());
            }
            Tables.put(table, response.text().await().stringValue());
        } catch (Throwable unreachable) {
            // The next edit asks again.
            asked.remove(table);
            Notices.error(Text.of("error.offline"));
            return;
        }
        came.run();
    }
}
