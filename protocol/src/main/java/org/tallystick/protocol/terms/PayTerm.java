package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Identifiers;

/** What is paid, to whom and when. */
public sealed interface PayTerm extends Term {

    /** What the buyer pays. */
    record Price(Compensation compensation) implements PayTerm {
        public Price {
            Objects.requireNonNull(compensation);
        }
    }

    /**
     * The platform's share of the gross amount, taken before the payees' shares.
     *
     * @param share above 0, below 1
     */
    record Fee(BigDecimal share) implements PayTerm {
        public Fee {
            share = Bounds.share(share, "fee", "platformFeeShare");
            if (share.compareTo(BigDecimal.ONE) == 0) {
                throw Bounds.fault("fee", "platformFeeShare", "leaves nothing to split");
            }
        }
    }

    /** Who gets which share of the amount left after the platform's fee; the sum of the shares is exactly 1. */
    record Splits(List<ContractPayout.Split> shares) implements PayTerm {
        public Splits {
            shares = List.copyOf(shares);
            ContractPayout.checkWhole(shares);
        }
    }

    /**
     * When periods are closed and paid.
     *
     * @param schedule how often
     * @param window how long after a close payees may dispute it before money moves; empty if not agreed
     */
    record Payout(ContractPayout.Schedule schedule, Optional<Period> window) implements PayTerm {
        public Payout {
            Objects.requireNonNull(schedule);
            window = window.map(period -> Bounds.period(period, UseTerm.MAX_YEARS, "payout-window", "payout.window"));
        }
    }

    /** Who holds the buyer's money until it is due. */
    record Escrow(String provider) implements PayTerm {
        public Escrow {
            Identifiers.check(provider, "contract/escrow-provider", "escrowProvider");
        }
    }
}
