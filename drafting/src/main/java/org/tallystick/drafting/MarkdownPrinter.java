package org.tallystick.drafting;

/** Writes a printed contract as CommonMark. Text by the parties is escaped, so that it is never markup. */
final class MarkdownPrinter {
    private static final String SPECIAL = "\\`*_{}[]<>()#+-.!|&~\"'$^=:";

    private MarkdownPrinter() {}

    static String print(PrintedContent paper) {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(escaped(paper.title())).append("\n\n");
        for (PrintedContent.Fact fact : paper.facts()) {
            out.append("- **")
                    .append(escaped(fact.name()))
                    .append("**: ")
                    .append(escaped(fact.value()))
                    .append('\n');
        }
        int number = 0;
        for (Clause clause : paper.clauses()) {
            out.append("\n## ")
                    .append(++number)
                    .append("\\. ")
                    .append(escaped(clause.title()))
                    .append("\n\n");
            clause.sentences().forEach(sentence -> out.append(escaped(sentence)).append('\n'));
            if (!clause.duties().isEmpty()) {
                out.append('\n');
                clause.duties()
                        .forEach(duty -> out.append("- ")
                                .append(escaped(duty.sentence()))
                                .append('\n'));
            }
            if (!clause.enforcement().isEmpty()) {
                out.append('\n');
                PrintedContent.keeping(clause)
                        .forEach(sentence ->
                                out.append("*").append(escaped(sentence)).append("*\n"));
            }
        }
        out.append("\n---\n");
        paper.foot()
                .forEach(sentence -> out.append('\n').append(escaped(sentence)).append('\n'));
        return out.toString();
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean wordPart = (c == '-' || c == '.' || c == '\'' || c == ':' || c == '(' || c == ')')
                    && i > 0
                    && c != text.charAt(i - 1);
            if (SPECIAL.indexOf(c) >= 0 && !wordPart) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.toString();
    }
}
