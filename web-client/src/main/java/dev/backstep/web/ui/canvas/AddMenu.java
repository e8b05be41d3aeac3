package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.web.session.Fitting;
import dev.backstep.web.session.Insertion;
import dev.backstep.web.ui.Entry;
import dev.backstep.web.ui.Groups;
import dev.backstep.web.ui.SearchMenu;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Search-to-add: what can be put at a place of the canvas, on its own, at the end of a wire, or into one. */
final class AddMenu {
    private final Canvas canvas;
    private final SearchMenu menu = new SearchMenu();

    AddMenu(Canvas canvas) {
        this.canvas = canvas;
    }

    /** Offers everything, at a point of the page. */
    void open(double clientX, double clientY) {
        open(clientX, clientY, Text.of("palette.title"), Entry.all(),
                entry -> canvas.addAt(entry, clientX, clientY));
    }

    /** Offers what a port could be wired to, and wires it. */
    void openFor(Port source, boolean forwards, double clientX, double clientY) {
        Graph graph = canvas.editor.graph();
        List<Entry> all = Entry.all();
        List<Integer> ports = Fitting.ports(graph, source, forwards,
                all.stream().map(entry -> new Fitting.Candidate(entry.type(), entry.attrs())).toList());
        List<Entry> fitting = new ArrayList<>();
        Map<Entry, Integer> port = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            if (ports.get(i) >= 0 || forwards && all.get(i).layer() != null) {
                fitting.add(all.get(i));
                port.put(all.get(i), ports.get(i));
            }
        }
        String label = graph.node(source.node()).label();
        open(clientX, clientY, Text.of(forwards ? "canvas.addAfter" : "canvas.addBefore", label), fitting,
                entry -> add(entry, source, forwards, port.get(entry), clientX, clientY));
    }

    /** Adds a node whose port lies at that point of the page, with a wire to the port one came from. */
    private void add(Entry entry, Port source, boolean forwards, int index, double clientX, double clientY) {
        if (entry.layer() != null) {
            canvas.adding.layer(entry.layer(), source, Math.round(canvas.worldX(clientX)),
                    Math.round(canvas.worldY(clientY) - NodeShape.MIDDLE));
            return;
        }
        int inputs = entry.type().variadic() ? 2 : entry.type().inputs().size();
        NodeShape shape = new NodeShape(inputs, entry.type().outputs().size());
        double x = canvas.worldX(clientX) - (forwards ? 0 : NodeShape.WIDTH);
        double y = canvas.worldY(clientY) - (forwards ? shape.inputY(index) : shape.outputY(index));
        Graph before = canvas.editor.graph();
        canvas.adding.tryAdd(() -> {
            Change add = Edits.add(before, entry.type(), null, entry.attrs(), Math.round(x), Math.round(y));
            Graph with = before.with(add);
            Port port = new Port(add.added().getFirst().id(), index);
            return Change.between(before, with.with(forwards
                    ? Edits.connect(with, source, port) : Edits.connect(with, port, source)));
        });
    }

    /** Offers what can be put into a wire, and puts it there. */
    void openInto(Wire wire, double clientX, double clientY) {
        Graph graph = Fitting.feeding(canvas.editor.graph(), wire.to().node());
        List<Entry> fitting = Entry.all().stream()
                .filter(entry -> Insertion.added(graph, entry.type(), entry.attrs(), 0, 0, wire) != null).toList();
        double x = Math.round(canvas.worldX(clientX) - NodeShape.WIDTH / 2);
        double y = Math.round(canvas.worldY(clientY) - NodeShape.MIDDLE);
        open(clientX, clientY, Text.of("canvas.addInto"), fitting, entry -> canvas.adding.tryAdd(() ->
                Insertion.added(canvas.editor.graph(), entry.type(), entry.attrs(), x, y, wire)));
    }

    private void open(double clientX, double clientY, String title, List<Entry> entries, Consumer<Entry> chosen) {
        menu.openAt(clientX, clientY, title, canvas.view, words -> entries.stream()
                .filter(entry -> entry.matches(words))
                .sorted(Comparator.comparingInt((Entry entry) -> words.isBlank() ? 0 : entry.distance(words)))
                .map(entry -> new SearchMenu.Choice(entry.symbol(), Groups.name(entry.group()),
                        entry.name(), entry.preset() == null ? entry.torch() : null,
                        () -> chosen.accept(entry)))
                .toList());
    }
}
