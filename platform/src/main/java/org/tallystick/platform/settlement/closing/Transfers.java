package org.tallystick.platform.settlement.closing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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
        FEE_BACK("fee given back"),
        FEE_BACK_OWED("fee given back, owed by the platform"),
        FEE_RECOVERED("taken off what the platform owes");

        private final String words;

        Purpose(String words) {
            this.words = words;
        }
    }

    private final String platform;
    private final Period period;
    private final Function<String, BigInteger> balances;
    private final Map<String, BigInteger> moved = new HashMap<>();

    /** @param balances micros in an account now; 0 for one that is not open */
    public Transfers(String platform, Period period, Function<String, BigInteger> balances) {
        this.platform = platform;
        this.period = period;
        this.balances = balances;
    }

    /** All accounts whose balance may be asked for to carry out a close. */
    public static Set<String> accounts(List<CloseResult.OfContract> results) {
        Set<String> names = new HashSet<>();
        for (CloseResult.OfContract of : results) {
            names.add(Accounts.fee(of.currency()).name());
            names.add(Accounts.feeRecoverable(of.currency()).name());
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
    public record OfContract(ContractId contract, BigInteger fromEscrow, BigInteger due, List<Transfer> transfers) {}

    public OfContract of(CloseResult.OfContract result) {
        Book book = new Book(
                result.contract().id(),
                result.currency(),
                Invoice.id(platform, period.id(), result.contract().id()));
        BigInteger fromEscrow = result.charge().signum() >= 0
                ? charge(book, result.charge())
                : refund(book, result.charge().negate()).negate();
        for (CloseResult.Posting posting : result.postings()) {
            if (posting.micros().signum() > 0) {
                earn(book, posting);
            } else {
                takeBack(book, posting);
            }
        }
        fee(book, result.feePosted());
        return new OfContract(book.contract, fromEscrow, result.charge().subtract(fromEscrow), book.transfers);
    }

    /** As for payees: a fee to be given back that is no longer there stands as owed by the platform. */
    private void fee(Book book, BigInteger micros) {
        AccountSpec fee = Accounts.fee(book.currency);
        AccountSpec owed = Accounts.feeRecoverable(book.currency);
        if (micros.signum() >= 0) {
            book.move(Purpose.FEE, "", book.residue, fee, micros, book.invoice);
            BigInteger recovered = micros.min(below(owed));
            book.move(Purpose.FEE_RECOVERED, "", fee, owed, recovered, book.invoice);
        } else {
            BigInteger there = micros.negate().min(balance(fee));
            book.move(Purpose.FEE_BACK, "", fee, book.residue, there, book.invoice);
            book.move(
                    Purpose.FEE_BACK_OWED,
                    "",
                    owed,
                    book.residue,
                    micros.negate().subtract(there),
                    book.invoice);
        }
    }

    private BigInteger charge(Book book, BigInteger micros) {
        AccountSpec escrow = Accounts.escrow(book.contract, book.currency);
        BigInteger covered = micros.min(balance(escrow));
        book.move(Purpose.ESCROW, "", escrow, book.residue, covered, book.invoice);
        AccountSpec debt = Accounts.receivable(book.contract, book.currency);
        book.move(Purpose.DEBT, "", debt, book.residue, micros.subtract(covered), book.invoice);
        return covered;
    }

    private BigInteger refund(Book book, BigInteger micros) {
        AccountSpec debt = Accounts.receivable(book.contract, book.currency);
        BigInteger forgiven = micros.min(below(debt));
        book.move(Purpose.FORGIVEN, "", book.residue, debt, forgiven, book.invoice);
        AccountSpec escrow = Accounts.escrow(book.contract, book.currency);
        book.move(Purpose.REFUND, "", book.residue, escrow, micros.subtract(forgiven), book.invoice);
        return micros.subtract(forgiven);
    }

    private void earn(Book book, CloseResult.Posting posting) {
        String party = posting.party().value();
        AccountSpec payable = Accounts.payable(posting.party(), book.currency);
        AccountSpec recoverable = Accounts.recoverable(posting.party(), book.currency);
        book.move(Purpose.EARNED, party, book.residue, payable, posting.micros(), posting.statement());
        BigInteger recovered = posting.micros().min(below(recoverable));
        book.move(Purpose.RECOVERED, party, payable, recoverable, recovered, posting.statement());
    }

    private void takeBack(Book book, CloseResult.Posting posting) {
        String party = posting.party().value();
        AccountSpec payable = Accounts.payable(posting.party(), book.currency);
        BigInteger there = posting.micros().negate().min(balance(payable));
        book.move(Purpose.BACK, party, payable, book.residue, there, posting.statement());
        AccountSpec recoverable = Accounts.recoverable(posting.party(), book.currency);
        BigInteger missing = posting.micros().negate().subtract(there);
        book.move(Purpose.BACK_OWED, party, recoverable, book.residue, missing, posting.statement());
    }

    private BigInteger balance(AccountSpec account) {
        return balances.apply(account.name()).add(moved.getOrDefault(account.name(), BigInteger.ZERO));
    }

    /** How far an account is below zero. */
    private BigInteger below(AccountSpec account) {
        return balance(account).negate().max(BigInteger.ZERO);
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

        void move(
                Purpose purpose, String party, AccountSpec from, AccountSpec to, BigInteger micros, String reference) {
            if (micros.signum() == 0) {
                return;
            }
            transfers.add(new Transfer(
                    id(platform, period.id(), contract, purpose, party),
                    from.name(),
                    to.name(),
                    Money.ofMicros(currency, micros),
                    contract + ", " + period.id() + ": " + purpose.words,
                    reference));
            moved.merge(from.name(), micros.negate(), BigInteger::add);
            moved.merge(to.name(), micros, BigInteger::add);
        }
    }
}
