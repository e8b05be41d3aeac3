package dev.backstep.server.share;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backstep.server.http.Page;
import java.util.LinkedHashSet;
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
        var tree = Documents.tree(document);
        var title = title(tree);
        var description = description(tree);
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

    private static String title(JsonNode document) {
        var title = document.path("title").asText("").strip();
        return title.isEmpty() ? "A graph" : shorten(title, 100);
    }

    private static String description(JsonNode document) {
        var types = new LinkedHashSet<String>();
        for (var node : document.path("nodes")) {
            types.add(node.path("type").asText("node"));
        }
        int nodes = document.path("nodes").size();
        return shorten("%d %s: %s. Run it, then step backward through its gradients."
                .formatted(nodes, nodes == 1 ? "node" : "nodes", String.join(", ", types)), 200);
    }

    private static String shorten(String text, int length) {
        return text.length() <= length ? text : text.substring(0, text.offsetByCodePoints(0,
                Math.min(length, text.codePointCount(0, text.length())) - 1)) + "…";
    }

    static String escape(String text) {
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
