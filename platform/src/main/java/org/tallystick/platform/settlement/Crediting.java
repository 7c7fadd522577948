package org.tallystick.platform.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.ledger.Account;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.settlement.closing.CloseResult;
import org.tallystick.platform.settlement.closing.Coverage;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.Transfers;
import org.tallystick.platform.settlement.escrow.ReservationStore;

/**
 * Reads, in the transaction in which a close is put into the log, all that decides who is credited: balances, guarantees,
 * and who waits for a buyer's money. One object serves one close.
 */
final class Crediting {
    private static final int PAGE = 1_000;

    private final Coverage coverage;
    private final List<Contract> others;
    private final Map<String, Money> balances;

    Crediting(Ledger ledger, Contracts contracts, Handle tx, List<CloseResult.OfContract> results) {
        this.coverage = coverage(ledger, tx);
        Set<ContractId> closed = results.stream().map(of -> of.contract().id()).collect(Collectors.toSet());
        this.others = coverage.others(closed).stream()
                .map(id -> contracts.find(tx, id).orElseThrow())
                .toList();
        Set<String> names = Transfers.accounts(results, coverage);
        others.forEach(
                other -> names.addAll(Transfers.accounts(other.id(), currency(other), coverage.waiting(other.id()))));
        this.balances = ledger.balances(tx, names);
    }

    private static Coverage coverage(Ledger ledger, Handle tx) {
        List<String> waiting = new ArrayList<>();
        Optional<String> after = Optional.of("");
        while (after.isPresent()) {
            Page<Account> page = ledger.accounts(tx, "uncovered:", after, PAGE);
            page.items().stream()
                    .filter(account -> account.balance().isPositive())
                    .forEach(account -> waiting.add(account.name()));
            after = page.next();
        }
        return new Coverage(ReservationStore.credits(tx), Coverage.waiting(waiting));
    }

    private static Currency currency(Contract contract) {
        return Currency.of(contract.document().pricing().price().currency());
    }

    Transfers transfers(String platform, Period period) {
        return new Transfers(platform, period, this::balance, Optional.of(coverage));
    }

    private BigInteger balance(String account) {
        return Optional.ofNullable(balances.get(account)).map(Money::micros).orElse(BigInteger.ZERO);
    }

    /** What reaches payees under contracts that the close says nothing else of. */
    List<Transfers.OfContract> waiting(Transfers transfers) {
        return others.stream()
                .map(other -> transfers.waiting(other.id(), currency(other)))
                .toList();
    }
}
