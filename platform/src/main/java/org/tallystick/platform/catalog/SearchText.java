package org.tallystick.platform.catalog;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How the marketplace reads text, the same way for what is stored and for what is asked, and never by the database's locale:
 * compatibility characters become the plain ones (NFKC), case is folded in every script, and everything that is neither
 * letter, digit nor mark separates words. Scripts written without spaces are cut into single characters and pairs, so that
 * any part of them is found.
 */
final class SearchText {
    /** Words in a row further on than this cannot be told apart in position by the index. */
    private static final int MAX_POSITION = 16_000;

    /** Longest word, in characters; the rest of a longer one is left out. */
    private static final int MAX_WORD = 256;

    /** Between two fields, so that no phrase reaches from one into the next. */
    private static final int GAP = 2;

    private static final Set<UnicodeScript> DENSE = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.YI,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    /** The mark that lengthens a vowel in Japanese belongs to no script, and stands only inside such words. */
    private static final int LONG_VOWEL = 0x30fc;

    private static final int ZERO_WIDTH_SPACE = 0x200b;

    private final boolean stored;
    private final List<Token> tokens = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private final StringBuilder dense = new StringBuilder();
    private int position = 1;

    private SearchText(boolean stored) {
        this.stored = stored;
    }

    /**
     * A word and where it stands.
     *
     * @param position counted in words, and in characters where these are words
     */
    record Token(String word, int position) {}

    /** The words of fields that are stored; of dense runs each character and each pair. */
    static List<Token> stored(List<String> fields) {
        SearchText text = new SearchText(true);
        for (String field : fields) {
            text.read(fold(field));
            text.position += GAP;
        }
        return text.tokens;
    }

    /** The words of a phrase that is looked for, folded already; of dense runs the pairs alone. */
    static List<Token> asked(String folded) {
        SearchText text = new SearchText(false);
        text.read(folded);
        return text.tokens;
    }

    /** The text in the one form in which texts are compared. */
    static String fold(String text) {
        StringBuilder folded = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .codePoints()
                .filter(c -> c == ZERO_WIDTH_SPACE || Character.getType(c) != Character.FORMAT)
                .forEach(c -> folded.appendCodePoint(Character.toLowerCase(c))); // letter by letter: no final sigma
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }

    private void read(String folded) {
        folded.codePoints().forEach(c -> {
            if (isDense(c)) {
                endWord();
                dense.appendCodePoint(c);
            } else if (isLetter(c)) {
                endDense();
                word.appendCodePoint(c);
            } else {
                endWord();
                endDense();
            }
        });
        endWord();
        endDense();
    }

    private static boolean isLetter(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.LETTER_NUMBER;
    }

    private static boolean isDense(int c) {
        return c == LONG_VOWEL || (isLetter(c) && DENSE.contains(UnicodeScript.of(c)));
    }

    private void endWord() {
        if (!word.isEmpty()) {
            add(word.length() > MAX_WORD ? word.substring(0, MAX_WORD) : word.toString());
            word.setLength(0);
            position++;
        }
    }

    private void endDense() {
        int[] characters = dense.codePoints().toArray();
        for (int i = 0; i < characters.length; i++) {
            if (stored || characters.length == 1) {
                add(Character.toString(characters[i]));
            }
            if (i + 1 < characters.length) {
                add(Character.toString(characters[i]) + Character.toString(characters[i + 1]));
            }
            position++;
        }
        dense.setLength(0);
    }

    private void add(String text) {
        if (position <= MAX_POSITION) {
            tokens.add(new Token(text, position));
        }
    }
}
