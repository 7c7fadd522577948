package org.tallystick.protocol.receipt;

import java.util.Locale;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/** How a use is proven, weakest first. Contracts may require a grade; receipts and statements show it. */
public enum Grade {
    /** By the edge's signed receipt alone: an edge that knows a token id could have invented it. */
    RECEIPT,
    /** Also by the work's release key, which only the buyer could show: the work was asked for. */
    ASKED,
    /** Also by the buyer's signed list of what arrived when it closed the job. */
    ACKNOWLEDGED;

    /** The word in documents. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is as strong as another grade, or stronger. */
    public boolean isAtLeast(Grade other) {
        return compareTo(other) >= 0;
    }

    /**
     * @throws MalformedException {@code grade/unknown}
     */
    public static Grade ofWord(String word) {
        for (Grade grade : values()) {
            if (grade.word().equals(word)) {
                return grade;
            }
        }
        throw new MalformedException("grade/unknown", Fields.shown(word) + " is not receipt, asked or acknowledged");
    }
}
