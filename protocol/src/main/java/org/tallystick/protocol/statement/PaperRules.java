package org.tallystick.protocol.statement;

import java.math.BigDecimal;
import java.util.Set;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.ContractDocument;

/** What one kind of paper is held to, beyond what all are: its lines against contracts and proven uses. */
interface PaperRules {
    /** Whether a factor is the one a contract says, to the letter: a paper has one text. */
    static boolean isWritten(BigDecimal factor, BigDecimal agreed) {
        return factor.toPlainString().equals(agreed.toPlainString());
    }

    /** Whom a contract binds here because of the lines. */
    Set<String> bound(ContractDocument contract);

    /** @throws MalformedException where a line, or a line that is not there, is not borne out */
    void checkLines();

    /**
     * What holds of the sums of this paper and all before it.
     *
     * @throws MalformedException where they are not what the contracts say
     */
    void checkWhole();
}
