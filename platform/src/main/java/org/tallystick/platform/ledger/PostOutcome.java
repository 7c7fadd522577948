package org.tallystick.platform.ledger;

import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;

/** What became of a posting group. */
public sealed interface PostOutcome {

    /** Posted now. */
    record Posted() implements PostOutcome {}

    /** Had been posted before with the very same content; nothing was changed. */
    record Repeated() implements PostOutcome {}

    /** Not posted; nothing was changed. The same group may be accepted later, unless the reason speaks against it. */
    record Refused(Reason reason, String detail) implements PostOutcome {}

    /** Why a group is refused. */
    enum Reason {
        /** An account was never opened. */
        UNKNOWN_ACCOUNT("ledger/unknown-account", "Unknown account"),
        /** An account has another currency than the amount. */
        CURRENCY_MISMATCH("ledger/currency-mismatch", "Currency mismatch"),
        /** An account that must not would go below zero. */
        WOULD_GO_NEGATIVE("ledger/would-go-negative", "Account would go negative"),
        /** The sums of an account would leave the range of an amount. */
        OUT_OF_RANGE("ledger/out-of-range", "Account out of range"),
        /** The group's id was used for other content. */
        CONFLICTING_REPEAT("ledger/conflicting-repeat", "Repeated with other content"),
        /** A transfer's id was used in another group. */
        TRANSFER_ID_TAKEN("ledger/transfer-id-taken", "Transfer id taken");

        private final String type;
        private final String title;

        Reason(String type, String title) {
            this.type = type;
            this.title = title;
        }
    }

    /** The same as the platform's common outcome: accepted, repeated or refused with category {@code CONFLICT}. */
    default Outcome<PostOutcome> asOutcome() {
        return switch (this) {
            case Posted posted -> Outcome.accepted(posted);
            case Repeated repeated -> Outcome.repeated(repeated);
            case Refused(Reason reason, String detail) ->
                Outcome.refused(Problem.of(Category.CONFLICT, reason.type, reason.title, detail));
        };
    }
}
