package dev.backstep.server.share;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.server.http.Page;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The playground's page with a link's title, description and picture, which chats and search engines show. */
final class LinkPage {
    private static final Pattern TITLE = Pattern.compile("<title>.*?</title>");
    private static final Pattern DESCRIPTION = Pattern.compile("<meta name=\"description\" content=\"[^\"]*\">");

    private final Page page;

    LinkPage(Page page) {
        this.page = page;
    }

    /** The page of {@code document}, which lives at {@code address}. */
    String of(String document, String address) {
        var graph = Documents.graph(document);
        var title = title(graph);
        var description = description(graph);
        return head(title + " · Backstep", description, """
                  <meta property="og:type" content="website">
                  <meta property="og:site_name" content="Backstep">
                  <meta property="og:title" content="%s">
                  <meta property="og:description" content="%s">
                  <meta property="og:url" content="%s">
                  <meta property="og:image" content="%s.png">
                  <meta property="og:image:width" content="%d">
                  <meta property="og:image:height" content="%d">
                  <meta name="twitter:card" content="summary_large_image">
                """.formatted(escape(title), escape(description), escape(address), escape(address),
                LinkPicture.WIDTH, LinkPicture.HEIGHT));
    }

    /** The page of a link that leads nowhere. */
    String dead() {
        return head("Link not found · Backstep", "This link was removed, has expired or never was.",
                "  <meta name=\"robots\" content=\"noindex\">\n");
    }

    private String head(String title, String description, String more) {
        var html = TITLE.matcher(page.index())
                .replaceFirst(Matcher.quoteReplacement("<title>" + escape(title) + "</title>"));
        return DESCRIPTION.matcher(html)
                .replaceFirst(Matcher.quoteReplacement(
                        "<meta name=\"description\" content=\"" + escape(description) + "\">"))
                .replaceFirst("</head>", Matcher.quoteReplacement(more + "</head>"));
    }

    private static String title(Graph graph) {
        var ops = ops(graph);
        return ops.isEmpty() ? "A graph" : "A graph of " + ops.stream().limit(4).collect(joining(", "))
                + (ops.size() > 4 ? " …" : "");
    }

    private static String description(Graph graph) {
        return "%s and %s. Run it, then step backward through its gradients."
                .formatted(count(graph.nodes().size(), "node"), count(graph.wires().size(), "wire"));
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** The ops in the order of the graph, each once. */
    private static Set<String> ops(Graph graph) {
        return graph.order().stream()
                .map(GraphNode::type)
                .filter(type -> !type.equals(Leaf.TYPE.type()))
                .collect(toCollection(LinkedHashSet::new));
    }

    private static String escape(String text) {
        var out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(c < ' ' ? ' ' : c);
            }
        });
        return out.toString();
    }
}
