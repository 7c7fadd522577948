package org.tallystick.platform.settlement;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.Command;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.platform.settlement.escrow.CreditEntry;
import org.tallystick.platform.settlement.escrow.Deposit;
import org.tallystick.platform.settlement.escrow.Funding;
import org.tallystick.platform.settlement.escrow.ReservationStore;

/** Money of a contract's buyer before it is earned: what is paid in, and what an operator guarantees for. Safe from any thread. */
final class EscrowFunding {
    private static final int MAX_REFERENCE = 128;

    private final Sequencer sequencer;
    private final Contracts contracts;
    private final Ledger ledger;

    EscrowFunding(Sequencer sequencer, Contracts contracts, Ledger ledger) {
        this.sequencer = sequencer;
        this.contracts = contracts;
        this.ledger = ledger;
    }

    /** See {@link Settlement#fundEscrow}. */
    Outcome<Funding> deposit(Principal by, ContractId contract, Money amount, String written) {
        String reference = Deposit.reference(written);
        if (by.role() != Role.OPERATOR) {
            return refused(Category.FORBIDDEN, "escrow/operator-only", "only an operator books money received");
        }
        if (reference.isBlank()
                || reference.length() > MAX_REFERENCE
                || reference.codePoints().anyMatch(Character::isISOControl)) {
            return refused(Category.INVALID, "escrow/reference", "a payment has a reference of up to 128 characters");
        }
        if (!amount.isPositive()) {
            return refused(Category.INVALID, "escrow/amount", "money received is more than nothing, not " + amount);
        }
        if (!amount.isWithinLimit()) {
            return refused(Category.INVALID, "amount/limit", "an amount is at most 10^24 units, not " + amount);
        }
        return sequencer.execute(funding(by, contract, amount, reference, written));
    }

    private Command<Outcome<Funding>> funding(
            Principal by, ContractId id, Money amount, String reference, String written) {
        return (tx, now) -> {
            Optional<Contract> contract = contracts.find(tx, id);
            if (contract.isEmpty()) {
                return Decision.answer(refused(Category.NOT_FOUND, "contract/unknown", "there is no contract " + id));
            }
            String currency = contract.get().document().pricing().price().currency();
            if (!amount.currency().code().equals(currency)) {
                return Decision.answer(
                        refused(Category.CONFLICT, "escrow/currency", "contract " + id + " is in " + currency));
            }
            BigInteger escrow =
                    balance(tx, Accounts.escrow(id, amount.currency()).name());
            // A payment that was booked before references were normalised is known by what was written.
            Optional<SettlementStore.FundingRow> known =
                    SettlementStore.funding(tx, reference).or(() -> SettlementStore.funding(tx, written));
            if (known.isPresent()) {
                boolean same = known.get().equals(new SettlementStore.FundingRow(id, amount));
                return Decision.answer(
                        same
                                ? Outcome.repeated(
                                        new Funding(id, reference, amount, Money.ofMicros(amount.currency(), escrow)))
                                : refused(
                                        Category.CONFLICT,
                                        "escrow/conflict",
                                        "reference " + reference + " stands for another payment"));
            }
            if (!SettlementStore.funded(tx, id, amount.currency()).plus(amount).isWithinLimit()) {
                return Decision.answer(refused(
                        Category.INVALID,
                        "amount/limit",
                        "what is paid in for a contract is at most 10^24 units in all; with " + amount
                                + " it would be more"));
            }
            BigInteger owed = balance(
                            tx, Accounts.receivable(id, amount.currency()).name())
                    .negate()
                    .max(BigInteger.ZERO);
            BigInteger left = escrow.add(amount.micros()).subtract(Deposit.settled(amount, owed));
            return Decision.append(
                    List.of(Draft.document(CloseEntries.FUNDED, CloseEntries.funded(id, amount, reference, by.id()))),
                    position -> Outcome.accepted(
                            new Funding(id, reference, amount, Money.ofMicros(amount.currency(), left))));
        };
    }

    /** See {@link Settlement#grantCredit}. */
    Outcome<Money> guarantee(Principal by, ContractId id, Money limit) {
        if (by.role() != Role.OPERATOR) {
            return refused(Category.FORBIDDEN, "credit/operator-only", "only an operator guarantees for a buyer");
        }
        if (limit.isNegative()) {
            return refused(Category.INVALID, "credit/amount", "a guarantee is not below zero, as " + limit + " is");
        }
        if (!limit.isWithinLimit()) {
            return refused(Category.INVALID, "amount/limit", "an amount is at most 10^24 units, not " + limit);
        }
        return sequencer.execute((tx, now) -> {
            Optional<Contract> contract = contracts.find(tx, id);
            if (contract.isEmpty()) {
                return Decision.answer(refused(Category.NOT_FOUND, "contract/unknown", "there is no contract " + id));
            }
            String currency = contract.get().document().pricing().price().currency();
            if (!limit.currency().code().equals(currency)) {
                return Decision.answer(
                        refused(Category.CONFLICT, "escrow/currency", "contract " + id + " is in " + currency));
            }
            if (ReservationStore.credit(tx, id).equals(limit.micros())) {
                return Decision.answer(Outcome.repeated(limit));
            }
            return Decision.append(
                    List.of(new CreditEntry(id, limit, by.id()).draft()), position -> Outcome.accepted(limit));
        });
    }

    private BigInteger balance(Handle tx, String account) {
        return ledger.balance(tx, account).map(Money::micros).orElse(BigInteger.ZERO);
    }

    private static <T> Outcome<T> refused(Category category, String type, String detail) {
        return Outcome.refused(Problem.of(category, type, Cursors.title(type), detail));
    }
}
