package org.tallystick.drafting;

/**
 * Writes a printed contract as one HTML page for screen and print, without scripts and without content from other
 * servers.
 */
final class HtmlPrinter {
    private static final String HEAD = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <style>
        @page { size: A4; margin: 22mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); } }
        body { font: 11pt/1.5 Georgia, "Times New Roman", serif; color: #111; max-width: 42em; margin: 2em auto; padding: 0 1em; }
        h1 { font-size: 1.5em; } h2 { font-size: 1.1em; margin: 1.6em 0 .4em; break-after: avoid; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; } dt { font-weight: bold; }
        dd { margin: 0; overflow-wrap: anywhere; } section { break-inside: avoid; } p { margin: .4em 0; }
        .kept { color: #444; font-size: .9em; font-style: italic; } footer { margin-top: 3em; font-size: .85em; overflow-wrap: anywhere; }
        @media print { body { margin: 0; max-width: none; padding: 0; } }
        </style>
        """;

    private HtmlPrinter() {}

    static String print(PrintedContent paper) {
        StringBuilder out = new StringBuilder(HEAD);
        out.append("<title>").append(escaped(paper.title())).append("</title>\n</head>\n<body>\n");
        out.append("<h1>").append(escaped(paper.title())).append("</h1>\n<dl>\n");
        for (PrintedContent.Fact fact : paper.facts()) {
            out.append("<dt>")
                    .append(escaped(fact.name()))
                    .append("</dt><dd>")
                    .append(escaped(fact.value()))
                    .append("</dd>\n");
        }
        out.append("</dl>\n");
        int number = 0;
        for (Clause clause : paper.clauses()) {
            clause(out, clause, ++number);
        }
        out.append("<footer>\n");
        paper.foot().forEach(sentence -> paragraph(out, "", sentence));
        return out.append("</footer>\n</body>\n</html>\n").toString();
    }

    private static void clause(StringBuilder out, Clause clause, int number) {
        out.append("<section id=\"").append(escaped(clause.id())).append("\">\n<h2>");
        out.append(number).append(". ").append(escaped(clause.title())).append("</h2>\n");
        clause.sentences().forEach(sentence -> paragraph(out, "", sentence));
        if (!clause.duties().isEmpty()) {
            out.append("<ul>\n");
            clause.duties()
                    .forEach(duty ->
                            out.append("<li>").append(escaped(duty.sentence())).append("</li>\n"));
            out.append("</ul>\n");
        }
        PrintedContent.keeping(clause).forEach(sentence -> paragraph(out, " class=\"kept\"", sentence));
        out.append("</section>\n");
    }

    private static void paragraph(StringBuilder out, String attributes, String sentence) {
        out.append("<p")
                .append(attributes)
                .append('>')
                .append(escaped(sentence))
                .append("</p>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
