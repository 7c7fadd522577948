package org.tallystick.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known word that is most similar to a mistyped one, to suggest it in the error. */
final class Nearest {
    private Nearest() {}

    /** The known word within two edits (or one per three letters), the first by name where several are. */
    static Optional<String> of(String typed, Collection<String> known) {
        int bound = Math.max(2, typed.length() / 3);
        return known.stream()
                .filter(word -> distance(typed, word) <= bound)
                .min(Comparator.<String>comparingInt(word -> distance(typed, word))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Levenshtein's distance: single letters put in, left out or changed. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
