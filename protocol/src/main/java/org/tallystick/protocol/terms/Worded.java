package org.tallystick.protocol.terms;

import java.util.Arrays;
import java.util.List;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/** A constant that documents write as a word. */
public interface Worded {
    /** The word used in documents. */
    String word();

    /**
     * The constant with this word.
     *
     * @throws MalformedException {@code contract/<clause>} for an unknown word; its sentence lists the known ones
     */
    static <W extends Enum<W> & Worded> W of(Class<W> type, String word, String clause, String member) {
        List<W> known = Arrays.asList(type.getEnumConstants());
        return known.stream()
                .filter(choice -> choice.word().equals(word))
                .findFirst()
                .orElseThrow(() -> Bounds.fault(
                        clause,
                        member,
                        Fields.shown(word) + " is not one of "
                                + known.stream().map(Worded::word).toList()));
    }
}
