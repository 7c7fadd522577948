package org.tallystick.platform.settlement.escrow;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.delivery.Reservations;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.Draft;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.Pricing;

/**
 * Reserves escrow for the works jobs may use, by the contract's own price: a price per sample for every work reserved for
 * and not billed yet, a flat price once per contract until it is billed. Decides within a command, so that two jobs never
 * reserve the same money; what it decides is in the log and stands again after a rebuild.
 */
public final class EscrowReservations implements Reservations {
    private final Ledger ledger;
    private final Catalog catalog;

    public EscrowReservations(Ledger ledger, Catalog catalog) {
        this.ledger = ledger;
        this.catalog = catalog;
    }

    @Override
    public Outcome<List<Draft>> reserve(Handle tx, Contract contract, JobId job, Scope scope, long works) {
        if (!scope.meters() || works < 1) {
            return Outcome.accepted(List.of());
        }
        long all = Math.max(
                1,
                catalog.version(tx, contract.datasetVersion())
                        .map(DatasetVersion::members)
                        .orElse(1));
        ReservationStore.Own own = ReservationStore.own(tx, job, scope);
        long wanted = Math.min(all, own.works() + Math.min(works, all));
        Money missing = missing(tx, contract, added(own, wanted));
        if (missing.isPositive()) {
            return Outcome.refused(insufficient(contract.id(), wanted, missing));
        }
        return Outcome.accepted(
                wanted == own.works()
                        ? List.of()
                        : List.of(new ReservationEntry(contract.id(), job, scope, wanted).draft()));
    }

    /** By how many works more than before a job and scope hold money. */
    private static BigInteger added(ReservationStore.Own own, long wanted) {
        return BigInteger.valueOf(Math.max(0, wanted - own.billed()) - Math.max(0, own.works() - own.billed()));
    }

    private static Problem insufficient(ContractId contract, long works, Money missing) {
        return Problem.conflict(
                        "escrow/insufficient",
                        "Not covered",
                        "escrow and credit of contract " + contract + " lack " + missing + " for a job of " + works
                                + (works == 1 ? " work" : " works")
                                + "; pay it in with the contract's id as reference (an operator books it by POST"
                                + " /contracts/" + contract + "/escrow), or ask for fewer works")
                .with("missing", missing.toDecimal())
                .with("currency", missing.currency().code());
    }

    /** What escrow and credit lack for all that is reserved under a contract and so many works more. */
    private Money missing(Handle tx, Contract contract, BigInteger more) {
        Pricing.Price price = contract.document().pricing().price();
        Currency currency = Currency.of(price.currency());
        ReservationStore.Held held = ReservationStore.held(tx, contract.id());
        Exact needed = switch (contract.document().pricing()) {
            case Pricing.Micropay ignored ->
                new Exact(Exact.of(price.amount()).e().multiply(held.open().add(more)));
            case Pricing.Flat ignored ->
                ReservationStore.isFlatBilled(tx, contract.id()) ? Exact.ZERO : Exact.of(price.amount());
        };
        BigInteger micros = needed.negated().floorMicros().negate(); // rounded up
        BigInteger there = balance(tx, Accounts.escrow(contract.id(), currency).name())
                .add(balance(tx, Accounts.receivable(contract.id(), currency).name()))
                .add(ReservationStore.credit(tx, contract.id()));
        return Money.ofMicros(currency, micros.subtract(there).max(BigInteger.ZERO));
    }

    private BigInteger balance(Handle tx, String account) {
        Optional<Money> balance = ledger.balance(tx, account);
        return balance.map(Money::micros).orElse(BigInteger.ZERO);
    }
}
