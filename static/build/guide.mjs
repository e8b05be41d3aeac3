// The guide as pages beside the playground: docs/guide.md as guide.html, docs/guide.zh.md as guide.zh.html.
import { Marked } from "marked";

/** @param place gives the final address of a picture by its place beside the guide */
export function guide(markdown, language, place) {
  const marked = new Marked({
    walkTokens(token) {
      if (token.type === "image") {
        token.href = place(token.href);
      } else if (token.type === "link" && /^guide[\w.]*\.md$/.test(token.href)) {
        token.href = "/" + token.href.replace(/\.md$/, ".html");
      }
    },
  });
  const title = /^# (.*)$/m.exec(markdown)[1];
  // Wide tables scroll, not the page.
  const body = marked.parse(markdown).replaceAll("<table>", "<div class=\"guide-table\" tabindex=\"0\"><table>")
    .replaceAll("</table>", "</table></div>");
  return `<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <title>Backstep: ${title}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="icon" href="icons/backstep.svg">
  <link rel="stylesheet" href="css/guide.css">
</head>
<body class="guide">
  <main>
    <p><a href="/">← Backstep</a></p>
    ${body}
  </main>
</body>
</html>
`;
}
