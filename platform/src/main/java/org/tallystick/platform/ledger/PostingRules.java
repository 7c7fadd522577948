package org.tallystick.platform.ledger;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.ledger.PostOutcome.Posted;
import org.tallystick.platform.ledger.PostOutcome.Reason;
import org.tallystick.platform.ledger.PostOutcome.Refused;
import org.tallystick.platform.ledger.PostOutcome.Repeated;
import org.tallystick.protocol.codec.Hash;

/**
 * Decides posting groups one after another against the accounts as they stand, without touching the database: the pure
 * half of posting. What it accepts the database accepts too; what it refuses has changed nothing. Used once, by one
 * thread.
 */
final class PostingRules {

    /** An account as locked for this transaction; the sums move with every group accepted here. */
    static final class Standing {
        final int id;
        final String name;
        final String currency;
        final boolean mayGoNegative;
        private BigInteger debits;
        private BigInteger credits;
        private BigInteger debitsBefore;
        private BigInteger creditsBefore;
        private boolean touched;

        Standing(int id, String name, String currency, boolean mayGoNegative, BigInteger debits, BigInteger credits) {
            this.id = id;
            this.name = name;
            this.currency = currency;
            this.mayGoNegative = mayGoNegative;
            this.debits = debits;
            this.credits = credits;
            this.debitsBefore = debits;
            this.creditsBefore = credits;
        }
    }

    /** A group to be written. */
    record Write(PostingGroup group, Hash digest) {}

    private final Map<String, Standing> accounts;
    private final Map<Hash, Hash> digests;
    private final Set<Hash> takenTransfers;
    private final List<Write> writes = new ArrayList<>();
    private final List<Standing> touched = new ArrayList<>();

    /**
     * @param accounts by name, all that the groups name and that exist
     * @param digests content digests of the groups posted before, by id
     * @param takenTransfers ids of transfers posted before
     */
    PostingRules(Map<String, Standing> accounts, Map<Hash, Hash> digests, Set<Hash> takenTransfers) {
        this.accounts = accounts;
        this.digests = new HashMap<>(digests);
        this.takenTransfers = takenTransfers;
    }

    /** What has been accepted so far, in order. */
    List<Write> writes() {
        return writes;
    }

    PostOutcome decide(PostingGroup group) {
        Hash digest = GroupDigest.of(group);
        Hash known = digests.get(group.id());
        if (known != null) {
            return known.equals(digest)
                    ? new Repeated()
                    : new Refused(
                            Reason.CONFLICTING_REPEAT, "group " + group.id() + " was posted before with other content");
        }
        PostOutcome outcome = apply(group);
        if (outcome instanceof Posted) {
            digests.put(group.id(), digest);
            group.transfers().forEach(transfer -> takenTransfers.add(transfer.id()));
            writes.add(new Write(group, digest));
        } else {
            for (Standing standing : touched) {
                standing.debits = standing.debitsBefore;
                standing.credits = standing.creditsBefore;
            }
        }
        touched.forEach(standing -> standing.touched = false);
        touched.clear();
        return outcome;
    }

    private PostOutcome apply(PostingGroup group) {
        for (Transfer transfer : group.transfers()) {
            Standing debit = accounts.get(transfer.debit());
            Standing credit = accounts.get(transfer.credit());
            if (debit == null || credit == null) {
                String missing = debit == null ? transfer.debit() : transfer.credit();
                return new Refused(Reason.UNKNOWN_ACCOUNT, "there is no account " + missing);
            }
            String currency = transfer.amount().currency().code();
            if (!debit.currency.equals(currency) || !credit.currency.equals(currency)) {
                return new Refused(
                        Reason.CURRENCY_MISMATCH,
                        transfer.amount() + " cannot go from " + transfer.debit() + " in " + debit.currency + " to "
                                + transfer.credit() + " in " + credit.currency);
            }
            touch(debit);
            touch(credit);
            debit.debits = debit.debits.add(transfer.amount().micros());
            credit.credits = credit.credits.add(transfer.amount().micros());
            if (isTooWide(debit.debits) || isTooWide(credit.credits)) {
                return new Refused(
                        Reason.OUT_OF_RANGE,
                        "the sums of " + (isTooWide(debit.debits) ? debit.name : credit.name) + " would not fit");
            }
        }
        for (Standing standing : touched) {
            if (!standing.mayGoNegative && standing.credits.compareTo(standing.debits) < 0) {
                Money missing =
                        Money.ofMicros(Currency.of(standing.currency), standing.debits.subtract(standing.credits));
                return new Refused(Reason.WOULD_GO_NEGATIVE, standing.name + " lacks " + missing);
            }
        }
        // Last, because it may only come to light when all else has been found right, see Ledger.post.
        for (Transfer transfer : group.transfers()) {
            if (takenTransfers.contains(transfer.id())) {
                return new Refused(
                        Reason.TRANSFER_ID_TAKEN, "transfer " + transfer.id() + " was posted in another group");
            }
        }
        return new Posted();
    }

    private static boolean isTooWide(BigInteger sum) {
        return sum.compareTo(Money.WIDEST) > 0;
    }

    private void touch(Standing standing) {
        if (!standing.touched) {
            standing.touched = true;
            standing.debitsBefore = standing.debits;
            standing.creditsBefore = standing.credits;
            touched.add(standing);
        }
    }
}
