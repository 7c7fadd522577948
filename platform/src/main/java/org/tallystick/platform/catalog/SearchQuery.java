package org.tallystick.platform.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What is looked for, read as people write it on the web: all words must be there, {@code "a phrase"} in that order, either
 * side of {@code or}, and nothing that stands behind a {@code -}. A word with separators in it, like {@code java.base}, is a
 * phrase.
 *
 * @param alternatives one of which must hold as a whole
 */
record SearchQuery(List<List<Term>> alternatives) {
    SearchQuery {
        alternatives = List.copyOf(alternatives);
    }

    /** Words in a row that must, or must not, be there. */
    record Term(boolean wanted, List<SearchText.Token> phrase) {}

    static SearchQuery parse(String text) {
        String folded = SearchText.fold(text);
        List<List<Term>> alternatives = new ArrayList<>();
        List<Term> terms = new ArrayList<>();
        int at = 0;
        while (at < folded.length()) {
            if (Character.isWhitespace(folded.charAt(at))) {
                at++;
                continue;
            }
            boolean wanted = folded.charAt(at) != '-';
            int from = wanted ? at : at + 1;
            boolean quoted = from < folded.length() && folded.charAt(from) == '"';
            int start = quoted ? from + 1 : from;
            int end = end(folded, start, quoted);
            String part = folded.substring(start, end);
            at = quoted ? end + 1 : end;
            if (part.equals("or") && wanted && !quoted) {
                alternatives.add(terms);
                terms = new ArrayList<>();
                continue;
            }
            List<SearchText.Token> phrase = SearchText.asked(part);
            if (!phrase.isEmpty()) {
                terms.add(new Term(wanted, phrase));
            }
        }
        alternatives.add(terms);
        return new SearchQuery(alternatives.stream()
                .filter(alternative -> !alternative.isEmpty())
                .map(List::copyOf)
                .toList());
    }

    private static int end(String text, int start, boolean quoted) {
        int end = start;
        while (end < text.length() && (quoted ? text.charAt(end) != '"' : !Character.isWhitespace(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    /** Whether it holds no word at all, so that nothing can be found. */
    boolean isEmpty() {
        return alternatives.isEmpty();
    }

    /** Every word in it. */
    List<String> words() {
        return alternatives.stream()
                .flatMap(List::stream)
                .flatMap(term -> term.phrase().stream())
                .map(SearchText.Token::word)
                .distinct()
                .toList();
    }

    /**
     * As a {@code tsquery}. Words hold letters, digits and marks only, so quotes around them are enough.
     *
     * @param stem the form under which a word is stored
     */
    String sql(UnaryOperator<String> stem) {
        List<String> ors = new ArrayList<>();
        for (List<Term> alternative : alternatives) {
            List<String> ands = new ArrayList<>();
            for (Term term : alternative) {
                StringBuilder phrase = new StringBuilder(term.wanted() ? "(" : "!(");
                for (int i = 0; i < term.phrase().size(); i++) {
                    SearchText.Token token = term.phrase().get(i);
                    if (i > 0) {
                        int distance =
                                token.position() - term.phrase().get(i - 1).position();
                        phrase.append(" <").append(distance).append("> ");
                    }
                    phrase.append('\'').append(stem.apply(token.word())).append('\'');
                }
                ands.add(phrase.append(')').toString());
            }
            ors.add("(" + String.join(" & ", ands) + ")");
        }
        return String.join(" | ", ors);
    }
}
