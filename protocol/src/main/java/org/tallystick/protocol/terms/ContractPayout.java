package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Who is paid, how and when (member {@code payout}).
 *
 * @param schedule how often periods are closed
 * @param escrowProvider who holds the buyer's money, where the parties name somebody
 * @param splits shares of the amount left after the platform's fee; their sum is exactly 1
 * @param window how long after a close payees may dispute it before money moves; empty if not agreed
 */
public record ContractPayout(
        Schedule schedule, Optional<String> escrowProvider, List<Split> splits, Optional<Period> window) {
    /** As a recipient: the creator of each work that was used, for this work. */
    public static final String CREATORS = "creators";

    private static final int MAX_SPLITS = 10_000;
    private static final int MAX_DECIMALS = 12;

    /** How often periods are closed. */
    public enum Schedule {
        WEEKLY("weekly-reconciliation"),
        MONTHLY("monthly-reconciliation"),
        QUARTERLY("quarterly-reconciliation");

        private final String word;

        Schedule(String word) {
            this.word = word;
        }

        /** The word used in documents. */
        public String word() {
            return word;
        }

        private static Schedule ofWord(String word) {
            for (Schedule schedule : values()) {
                if (schedule.word.equals(word)) {
                    return schedule;
                }
            }
            throw new MalformedException(
                    "contract/payout-type", Fields.shown(word) + " is not a known way of reconciling");
        }
    }

    /**
     * One recipient's share.
     *
     * @param recipient party id, or {@link #CREATORS}
     * @param share above 0, at most 1, at most 12 decimals
     */
    public record Split(String recipient, BigDecimal share) {
        public Split {
            Identifiers.check(recipient, "contract/recipient", "recipient");
            if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
                throw new MalformedException(
                        "contract/share-range", "the share of " + recipient + " is not above 0 and at most 1");
            }
            share = share.stripTrailingZeros();
            if (share.scale() > MAX_DECIMALS) {
                throw new MalformedException(
                        "contract/share-precision",
                        "the share of " + recipient + " has more than " + MAX_DECIMALS + " decimals");
            }
        }
    }

    public ContractPayout {
        Objects.requireNonNull(schedule);
        Objects.requireNonNull(escrowProvider);
        Objects.requireNonNull(window);
        splits = List.copyOf(splits);
        checkWhole(splits);
    }

    static void checkWhole(List<Split> splits) {
        if (splits.isEmpty() || splits.size() > MAX_SPLITS) {
            throw new MalformedException(
                    "contract/splits", "a contract splits among 1 to " + MAX_SPLITS + " recipients");
        }
        Set<String> seen = new HashSet<>();
        BigDecimal sum = BigDecimal.ZERO;
        for (Split split : splits) {
            if (!seen.add(split.recipient())) {
                throw new MalformedException(
                        "contract/recipient-duplicate", "recipient " + split.recipient() + " is named twice");
            }
            sum = sum.add(split.share());
        }
        if (sum.compareTo(BigDecimal.ONE) != 0) {
            throw new MalformedException(
                    "contract/split-not-whole", "the shares add up to " + sum.toPlainString() + ", not to exactly 1");
        }
    }

    static ContractPayout read(Fields fields) {
        Schedule schedule = Schedule.ofWord(fields.text("type"));
        Optional<String> provider = fields.optionalText("escrowProvider")
                .map(text -> Identifiers.check(text, "contract/escrow-provider", fields.path("escrowProvider")));
        List<Split> splits = new ArrayList<>();
        for (Fields item : fields.objects("split")) {
            splits.add(new Split(item.text("recipientId"), item.number("share")));
            item.noOthers();
        }
        Optional<Period> window = fields.optionalText("window")
                .map(text -> ContractLicense.period(text, "contract/payout-window", fields.path("window")));
        fields.noOthers();
        return new ContractPayout(schedule, provider, splits, window);
    }
}
