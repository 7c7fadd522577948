package org.tallystick.sdk;

import java.util.List;
import org.tallystick.protocol.codec.Fields;

/**
 * What a number was computed from and what it became part of.
 *
 * @param kind {@code receipt}, {@code usage}, {@code posting}, {@code statement}, {@code line} or {@code invoice}
 * @param text the explanation, one sentence a line
 * @param madeOf references to what it was computed from, towards receipts
 * @param partOf references to what it became part of, towards statements
 */
public record Explanation(String ref, String kind, List<String> text, List<String> madeOf, List<String> partOf) {
    /** Copies the lists. */
    public Explanation {
        text = List.copyOf(text);
        madeOf = List.copyOf(madeOf);
        partOf = List.copyOf(partOf);
    }

    static Explanation of(Fields fields) {
        return new Explanation(
                fields.text("ref"),
                fields.text("kind"),
                fields.strings("text"),
                fields.strings("made_of"),
                fields.strings("part_of"));
    }
}
