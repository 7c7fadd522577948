package org.tallystick.platform.settlement.closing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.ledger.AccountSpec;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.platform.settlement.escrow.Accounts;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * Turns what a close comes to into transfers. All money of a contract passes through its residue: in come the charges,
 * first from escrow and then as debt, out go what payees earn and the fee, and what rounding leaves stays. What is to be
 * given back goes the other way; a payee whose account has been emptied meanwhile owes it. Knows the balances, and moves
 * them along, so that a payee of several contracts is treated as one. One object serves one close.
 */
public final class Transfers {
    /** What a transfer is for; part of its id. */
    public enum Purpose {
        ESCROW("from escrow"),
        DEBT("owed by the buyer"),
        REFUND("back to escrow"),
        FORGIVEN("taken off what the buyer owes"),
        EARNED("earned"),
        BACK("taken back"),
        BACK_OWED("taken back, owed by the payee"),
        RECOVERED("taken off what the payee owes"),
        FEE("fee of the platform"),
        FEE_BACK("fee given back");

        private final String words;

        Purpose(String words) {
            this.words = words;
        }
    }

    private final String platform;
    private final Period period;
    private final ToLongFunction<String> balances;
    private final Map<String, Long> moved = new HashMap<>();

    /** @param balances micros in an account now; 0 for one that is not open */
    public Transfers(String platform, Period period, ToLongFunction<String> balances) {
        this.platform = platform;
        this.period = period;
        this.balances = balances;
    }

    /** All accounts whose balance may be asked for to carry out a close. */
    public static Set<String> accounts(List<CloseResult.OfContract> results) {
        Set<String> names = new HashSet<>();
        for (CloseResult.OfContract of : results) {
            names.add(Accounts.escrow(of.contract().id(), of.currency()).name());
            names.add(Accounts.receivable(of.contract().id(), of.currency()).name());
            for (CloseResult.Posting posting : of.postings()) {
                names.add(Accounts.payable(posting.party(), of.currency()).name());
                names.add(Accounts.recoverable(posting.party(), of.currency()).name());
            }
        }
        return names;
    }

    /**
     * How a contract's charge was covered, and all its transfers.
     *
     * @param fromEscrow micros; below zero where escrow got back
     * @param due micros; below zero where debt was forgiven
     */
    public record OfContract(ContractId contract, long fromEscrow, long due, List<Transfer> transfers) {}

    public OfContract of(CloseResult.OfContract result) {
        Book book = new Book(
                result.contract().id(),
                result.currency(),
                Invoice.id(platform, period.id(), result.contract().id()));
        long fromEscrow = result.charge() >= 0 ? charge(book, result.charge()) : -refund(book, -result.charge());
        for (CloseResult.Posting posting : result.postings()) {
            if (posting.micros() > 0) {
                earn(book, posting);
            } else {
                takeBack(book, posting);
            }
        }
        AccountSpec fee = Accounts.fee(book.currency);
        book.move(Purpose.FEE, "", book.residue, fee, Math.max(0, result.feePosted()), book.invoice);
        book.move(Purpose.FEE_BACK, "", fee, book.residue, Math.max(0, -result.feePosted()), book.invoice);
        return new OfContract(book.contract, fromEscrow, result.charge() - fromEscrow, book.transfers);
    }

    private long charge(Book book, long micros) {
        AccountSpec escrow = Accounts.escrow(book.contract, book.currency);
        long covered = Math.min(micros, balance(escrow));
        book.move(Purpose.ESCROW, "", escrow, book.residue, covered, book.invoice);
        AccountSpec debt = Accounts.receivable(book.contract, book.currency);
        book.move(Purpose.DEBT, "", debt, book.residue, micros - covered, book.invoice);
        return covered;
    }

    private long refund(Book book, long micros) {
        AccountSpec debt = Accounts.receivable(book.contract, book.currency);
        long forgiven = Math.min(micros, Math.max(0, -balance(debt)));
        book.move(Purpose.FORGIVEN, "", book.residue, debt, forgiven, book.invoice);
        AccountSpec escrow = Accounts.escrow(book.contract, book.currency);
        book.move(Purpose.REFUND, "", book.residue, escrow, micros - forgiven, book.invoice);
        return micros - forgiven;
    }

    private void earn(Book book, CloseResult.Posting posting) {
        String party = posting.party().value();
        AccountSpec payable = Accounts.payable(posting.party(), book.currency);
        AccountSpec recoverable = Accounts.recoverable(posting.party(), book.currency);
        book.move(Purpose.EARNED, party, book.residue, payable, posting.micros(), posting.statement());
        long recovered = Math.min(posting.micros(), Math.max(0, -balance(recoverable)));
        book.move(Purpose.RECOVERED, party, payable, recoverable, recovered, posting.statement());
    }

    private void takeBack(Book book, CloseResult.Posting posting) {
        String party = posting.party().value();
        AccountSpec payable = Accounts.payable(posting.party(), book.currency);
        long there = Math.min(-posting.micros(), balance(payable));
        book.move(Purpose.BACK, party, payable, book.residue, there, posting.statement());
        AccountSpec recoverable = Accounts.recoverable(posting.party(), book.currency);
        long missing = -posting.micros() - there;
        book.move(Purpose.BACK_OWED, party, recoverable, book.residue, missing, posting.statement());
    }

    private long balance(AccountSpec account) {
        return balances.applyAsLong(account.name()) + moved.getOrDefault(account.name(), 0L);
    }

    /** The id of a transfer of a close: the same for the same purpose, so nothing is paid twice. */
    public static Hash id(String platform, String period, ContractId contract, Purpose purpose, String party) {
        String named =
                String.join("\n", "tallystick/transfer/v1", platform, period, contract.value(), purpose.name(), party);
        return Sha256.hash(named.getBytes(StandardCharsets.UTF_8));
    }

    /** The transfers of one contract as they gather. */
    private final class Book {
        final ContractId contract;
        final Currency currency;
        final String invoice;
        final AccountSpec residue;
        final List<Transfer> transfers = new ArrayList<>();

        Book(ContractId contract, Currency currency, String invoice) {
            this.contract = contract;
            this.currency = currency;
            this.invoice = invoice;
            this.residue = Accounts.residue(contract, currency);
        }

        void move(Purpose purpose, String party, AccountSpec from, AccountSpec to, long micros, String reference) {
            if (micros == 0) {
                return;
            }
            transfers.add(new Transfer(
                    id(platform, period.id(), contract, purpose, party),
                    from.name(),
                    to.name(),
                    Money.ofMicros(currency, micros),
                    contract + ", " + period.id() + ": " + purpose.words,
                    reference));
            moved.merge(from.name(), -micros, Math::addExact);
            moved.merge(to.name(), micros, Math::addExact);
        }
    }
}
