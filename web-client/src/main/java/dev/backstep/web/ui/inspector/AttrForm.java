package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.web.session.Editor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ValueException;
import dev.backstep.web.value.ValueText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** The attributes of an op, as its {@link AttrSpec}s ask for them. An empty field leaves the attribute out. */
final class AttrForm {
    private final Editor editor;
    private final GraphNode node;
    /** Begins the keys of the attributes' names in words; null where they are called as PyTorch calls them. */
    private final String words;

    AttrForm(Editor editor, GraphNode node) {
        this(editor, node, null);
    }

    AttrForm(Editor editor, GraphNode node, String words) {
        this.editor = editor;
        this.node = node;
        this.words = words;
    }

    void fill(HTMLElement form) {
        for (AttrSpec spec : NodeTypes.attrs(NodeTypes.of(node))) {
            if (spec.name().equals(LayerFrame.LAYER) || spec.name().equals(NodeTypes.DEVICE)) {
                // LayerPart and DevicePart have them.
                continue;
            }
            form.appendChild(row(spec));
        }
    }

    /** The field of one attribute. */
    HTMLElement row(String name) {
        return row(NodeTypes.attrs(NodeTypes.of(node)).stream().filter(spec -> spec.name().equals(name)).findFirst()
                .orElseThrow());
    }

    private HTMLElement row(AttrSpec spec) {
        return switch (spec.kind()) {
            case FLAG -> flag(spec);
            case DTYPE -> dtype(spec);
            // A frame's members are those that lie in it: nobody types ids.
            case IDS -> Dom.make("span", "");
            case TEXT -> spec.choices().isEmpty() ? text(spec) : choice(spec);
            default -> text(spec);
        };
    }

    private String label(AttrSpec spec) {
        return words == null ? spec.name() : Text.of(words + spec.name());
    }

    private Object value(AttrSpec spec) {
        return node.attrs().has(spec.name()) ? node.attrs().get(spec.name()) : spec.fallback();
    }

    private HTMLElement flag(AttrSpec spec) {
        HTMLInputElement box = Fields.checkbox(Boolean.TRUE.equals(value(spec)));
        box.setAttribute("data-field", spec.name());
        Dom.on(box, "change", event -> put(spec, box.isChecked()));
        return Dom.make("label", "switch", box, Dom.make("span", "", label(spec)));
    }

    private HTMLElement dtype(AttrSpec spec) {
        HTMLSelectElement select = Fields.types(value(spec) == null ? "" : value(spec).toString(),
                spec.fallback() == null);
        Dom.on(select, "change", event -> put(spec, select.getValue().isEmpty() ? null : select.getValue()));
        return Fields.inline(label(spec), select, spec.name());
    }

    private HTMLElement text(AttrSpec spec) {
        Object value = value(spec);
        HTMLInputElement field = Fields.text(value == null ? "" : written(value));
        field.setAttribute("placeholder", spec.fallback() == null ? "None" : written(spec.fallback()));
        Dom.on(field, "change", event -> take(spec, field));
        return spec.kind() == AttrSpec.Kind.FORMULA ? Fields.row(label(spec), field, spec.name())
                : Fields.inline(label(spec), field, spec.name());
    }

    private HTMLElement choice(AttrSpec spec) {
        HTMLSelectElement select = words == null ? Fields.choice(String.valueOf(value(spec)), spec.choices())
                : Fields.choice(String.valueOf(value(spec)), spec.choices(), words + spec.name() + ".");
        Dom.on(select, "change", event -> put(spec, select.getValue()));
        return Fields.row(label(spec), select, spec.name());
    }

    private static String written(Object value) {
        return value instanceof String text ? text : ValueText.write(value);
    }

    private static boolean isText(AttrSpec spec) {
        return spec.kind() == AttrSpec.Kind.TEXT || spec.kind() == AttrSpec.Kind.FORMULA;
    }

    private void take(AttrSpec spec, HTMLInputElement field) {
        String text = field.getValue().strip();
        Object read = text.isEmpty() ? null : isText(spec) ? text : number(spec, text);
        boolean bad = read == null && !text.isEmpty();
        Dom.attribute(field, "aria-invalid", bad ? "true" : null);
        if (bad) {
            Notices.error(Text.of("attr.error." + spec.kind().name(), spec.name()));
        } else {
            put(spec, read);
        }
    }

    /** The value a text stands for, or null where it is none of this kind. */
    private static Object number(AttrSpec spec, String text) {
        Object value;
        try {
            value = ValueText.read(text);
        } catch (ValueException unreadable) {
            return null;
        }
        return switch (spec.kind()) {
            case INT -> integer(value);
            case NUMBER -> value instanceof Double ? value : null;
            case INTS -> value instanceof List<?> list ? integers(list) : integer(value);
            case NUMBERS -> value instanceof List<?> list ? list : List.of(value);
            default -> value;
        };
    }

    private static Long integer(Object value) {
        return value instanceof Double number && number == Math.rint(number) ? (Long) number.longValue() : null;
    }

    private static List<Long> integers(List<?> list) {
        List<Long> integers = new ArrayList<>();
        for (Object item : list) {
            Long integer = integer(item);
            if (integer == null) {
                return null;
            }
            integers.add(integer);
        }
        return integers;
    }

    private void put(AttrSpec spec, Object value) {
        Attrs attrs = value == null || value.equals(spec.fallback())
                ? node.attrs().without(spec.name()) : node.attrs().with(spec.name(), value);
        editor.apply(Edits.update(editor.graph(), List.of(node.with(attrs))));
    }
}
