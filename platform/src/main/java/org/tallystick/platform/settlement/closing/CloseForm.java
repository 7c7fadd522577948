package org.tallystick.platform.settlement.closing;

import java.util.Objects;

/**
 * The form in which a close stands in the log; earlier closes go on being computed in theirs.
 *
 * @param coverage whether payees are credited only what is covered
 * @param commitments how it commits to its statements and invoices
 */
public record CloseForm(boolean coverage, Commitments commitments) {
    public CloseForm {
        Objects.requireNonNull(commitments);
    }
}
