package org.tallystick.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the command line asks for.
 *
 * @param benches names of what is to be measured
 * @param sizes numbers by option, such as {@code --uses}
 * @param json whether figures are written as JSON, one object a line
 */
record Options(List<String> benches, Map<String, Long> sizes, boolean json) {
    Options {
        benches = List.copyOf(benches);
        sizes = Collections.unmodifiableMap(new TreeMap<>(sizes));
    }

    /**
     * Reads the words of a command line.
     *
     * @param known options that take a number
     * @throws IllegalArgumentException with what is wrong
     */
    static Options parse(List<String> words, Set<String> known) {
        List<String> benches = new ArrayList<>();
        Map<String, Long> sizes = new TreeMap<>();
        boolean json = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--json")) {
                json = true;
            } else if (known.contains(word)) {
                i++;
                if (i == words.size() || !words.get(i).matches("[1-9][0-9]{0,17}")) {
                    throw new IllegalArgumentException(word + " takes a whole number");
                }
                sizes.put(word, Long.parseLong(words.get(i)));
            } else if (word.startsWith("--")) {
                throw new IllegalArgumentException("there is no option " + word);
            } else {
                benches.add(word);
            }
        }
        return new Options(benches, sizes, json);
    }

    /** The number given for an option, or {@code usual} where none is given. */
    long size(String option, long usual) {
        return sizes.getOrDefault(option, usual);
    }
}
