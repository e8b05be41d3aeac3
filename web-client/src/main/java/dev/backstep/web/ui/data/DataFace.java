package dev.backstep.web.ui.data;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.Samples;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** What a data box shows of itself on the canvas: a picture, the name of the set, and how many samples there are. */
public final class DataFace {
    private static final int SIZE = 42;

    public final HTMLElement element = Dom.make("div", "data-face");

    private final HTMLElement picture = Dom.make("div", "data-face-picture");
    private final HTMLElement source = Dom.make("span", "data-face-source");
    private final HTMLElement train = Dom.make("span", "data-face-count");
    private final HTMLElement test = Dom.make("span", "data-face-count");
    /** What the picture shows. */
    private Samples shown;

    public DataFace() {
        picture.setAttribute("aria-hidden", "true");
        Dom.append(element, picture, Dom.make("div", "data-face-text", source, train, test));
    }

    public void show(GraphNode node) {
        Attrs attrs = NodeTypes.attrs(node);
        Samples samples = DataPicture.samples(attrs);
        if (samples != shown) {
            shown = samples;
            Dom.clear(picture);
            if (samples != null) {
                picture.appendChild(DataPicture.draw(samples, SIZE, SIZE));
            }
        }
        picture.setHidden(samples == null);
        Source from = DataBox.source(attrs);
        String brief = "data.brief." + from.id();
        source.setTextContent(Text.of(Text.has(brief) ? brief : "data.source." + from.id()));
        DataBox.Parts parts = samples == null ? null : DataBox.TYPE.parts(attrs);
        train.setTextContent(parts != null ? Text.of("data.train", parts.train().size())
                : from == Source.CSV ? Text.of("data.none") : !from.isHere() ? Text.of("data.loading") : "—");
        test.setTextContent(parts == null ? "" : Text.of("data.test", parts.test().size()));
    }

    /** The same in words. */
    public String text() {
        return source.getTextContent() + ", " + train.getTextContent()
                + (test.getTextContent().isEmpty() ? "" : ", " + test.getTextContent());
    }
}
