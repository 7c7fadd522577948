package org.tallystick.platform.settlement.closing;

import java.util.List;
import java.util.Objects;

/**
 * The form in which a close stands in the log; earlier closes go on being computed in theirs.
 *
 * @param coverage whether payees are credited only what is covered
 * @param commitments how it commits to its statements and invoices
 * @param contracts what it commits to of uses and amounts, in the order of its contracts; nothing in closes of before the
 *     log's change of format
 */
public record CloseForm(boolean coverage, Commitments commitments, List<ContractUsage.Commitment> contracts) {
    public CloseForm {
        Objects.requireNonNull(commitments);
        contracts = List.copyOf(contracts);
    }

    /** The form of a close with what its key, where it has one, says of the uses and amounts it comes to. */
    public static CloseForm of(boolean coverage, Commitments commitments, CloseResult result) {
        return new CloseForm(
                coverage,
                commitments,
                commitments.key().stream()
                        .flatMap(key -> result.contracts().parallelStream()
                                .map(of -> of.usage().commitment(key)))
                        .toList());
    }
}
