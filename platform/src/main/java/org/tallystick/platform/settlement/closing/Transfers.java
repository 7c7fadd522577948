package org.tallystick.platform.settlement.closing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
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
        FEE_RECOVERED("taken off what the platform owes"),
        UNCOVERED("earned, owed by the buyer"),
        COVERED("covered by the buyer since"),
        BACK_UNCOVERED("taken back, never covered"),
        FEE_UNCOVERED("fee, owed by the buyer"),
        FEE_COVERED("fee, covered by the buyer since"),
        FEE_BACK_UNCOVERED("fee given back, never covered");

        private final String words;

        Purpose(String words) {
            this.words = words;
        }
    }

    private final String platform;
    private final Period period;
    private final Function<String, BigInteger> balances;
    private final Optional<Coverage> coverage;
    private final Map<String, BigInteger> moved = new HashMap<>();

    /**
     * @param balances micros in an account now; 0 for one that is not open
     * @param coverage empty for a close from before payees were credited only what is covered
     */
    public Transfers(
            String platform, Period period, Function<String, BigInteger> balances, Optional<Coverage> coverage) {
        this.platform = platform;
        this.period = period;
        this.balances = balances;
        this.coverage = coverage;
    }

    /** All accounts whose balance may be asked for to carry out a close. */
    public static Set<String> accounts(List<CloseResult.OfContract> results, Coverage coverage) {
        Set<String> names = new HashSet<>();
        for (CloseResult.OfContract of : results) {
            Set<PartyId> parties = new HashSet<>(coverage.waiting(of.contract().id()));
            of.postings().forEach(posting -> parties.add(posting.party()));
            names.addAll(accounts(of.contract().id(), of.currency(), parties));
        }
        return names;
    }

    /** The same for one contract and those who earn, or have earned, under it. */
    public static Set<String> accounts(ContractId contract, Currency currency, Set<PartyId> parties) {
        Set<String> names = new HashSet<>();
        for (AccountSpec account : List.of(
                Accounts.fee(currency),
                Accounts.feeRecoverable(currency),
                Accounts.escrow(contract, currency),
                Accounts.receivable(contract, currency),
                Accounts.uncoveredFee(contract, currency))) {
            names.add(account.name());
        }
        for (PartyId party : parties) {
            names.add(Accounts.payable(party, currency).name());
            names.add(Accounts.recoverable(party, currency).name());
            names.add(Accounts.uncovered(contract, party, currency).name());
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
                Invoices.id(platform, period.id(), result.contract().id()));
        BigInteger fromEscrow = result.charge().signum() >= 0
                ? charge(book, result.charge())
                : refund(book, result.charge().negate()).negate();
        credit(book, result.postings(), result.feePosted());
        return new OfContract(book.contract, fromEscrow, result.charge().subtract(fromEscrow), book.transfers);
    }

    /**
     * The transfers of a contract for which a close has nothing to say, but whose payees still wait: what its buyer has paid
     * since reaches them.
     */
    public OfContract waiting(ContractId contract, Currency currency) {
        Book book = new Book(contract, currency, Invoices.id(platform, period.id(), contract));
        credit(book, List.of(), BigInteger.ZERO);
        return new OfContract(contract, BigInteger.ZERO, BigInteger.ZERO, book.transfers);
    }

    private void credit(Book book, List<CloseResult.Posting> postings, BigInteger fee) {
        List<Share> shares = shares(book, postings, fee);
        shares.forEach(share -> takeBack(book, share));
        List<BigInteger> stocks = shares.stream().map(this::stock).toList();
        List<BigInteger> left = Coverage.split(uncovered(book), stocks);
        for (int i = 0; i < left.size(); i++) {
            earn(book, shares.get(i), left.get(i));
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

    /**
     * One who earns under a contract, the platform by its fee among them.
     *
     * @param party empty for the platform
     * @param change micros to post, below zero to take back
     * @param target where what is covered goes
     * @param owing below zero by what was taken back after it had been drawn
     * @param waiting what is not covered yet
     */
    private record Share(
            String party,
            BigInteger change,
            AccountSpec target,
            AccountSpec owing,
            AccountSpec waiting,
            String reference) {
        Purpose purpose(Purpose ofPayee, Purpose ofFee) {
            return party.isEmpty() ? ofFee : ofPayee;
        }
    }

    private List<Share> shares(Book book, List<CloseResult.Posting> posted, BigInteger fee) {
        SortedMap<PartyId, CloseResult.Posting> postings = new TreeMap<>();
        coverage.ifPresent(known -> known.waiting(book.contract)
                .forEach(party -> postings.put(party, new CloseResult.Posting(party, BigInteger.ZERO, book.invoice))));
        posted.forEach(posting -> postings.put(posting.party(), posting));
        List<Share> shares = new ArrayList<>();
        postings.forEach((party, posting) -> shares.add(new Share(
                party.value(),
                posting.micros(),
                Accounts.payable(party, book.currency),
                Accounts.recoverable(party, book.currency),
                Accounts.uncovered(book.contract, party, book.currency),
                posting.statement())));
        shares.add(new Share(
                "",
                fee,
                Accounts.fee(book.currency),
                Accounts.feeRecoverable(book.currency),
                Accounts.uncoveredFee(book.contract, book.currency),
                book.invoice));
        return shares;
    }

    /** What the buyer owes beyond what an operator guarantees: nobody has covered it. */
    private BigInteger uncovered(Book book) {
        BigInteger debt = below(Accounts.receivable(book.contract, book.currency));
        return coverage.map(known -> debt.subtract(known.limit(book.contract)).max(BigInteger.ZERO))
                .orElse(BigInteger.ZERO);
    }

    private BigInteger stock(Share share) {
        return balance(share.waiting()).add(share.change().max(BigInteger.ZERO));
    }

    /** @param left micros of the share's stock that stay uncovered */
    private void earn(Book book, Share share, BigInteger left) {
        BigInteger earned = share.change().max(BigInteger.ZERO);
        BigInteger change = left.subtract(balance(share.waiting()));
        BigInteger waits = change.max(BigInteger.ZERO);
        BigInteger covered = change.negate().max(BigInteger.ZERO);
        BigInteger paid = earned.subtract(waits);
        String party = share.party();
        String reference = share.reference();
        book.move(share.purpose(Purpose.EARNED, Purpose.FEE), party, book.residue, share.target(), paid, reference);
        book.move(
                share.purpose(Purpose.UNCOVERED, Purpose.FEE_UNCOVERED),
                party,
                book.residue,
                share.waiting(),
                waits,
                reference);
        book.move(
                share.purpose(Purpose.COVERED, Purpose.FEE_COVERED),
                party,
                share.waiting(),
                share.target(),
                covered,
                reference);
        BigInteger recovered = paid.add(covered).min(below(share.owing()));
        book.move(
                share.purpose(Purpose.RECOVERED, Purpose.FEE_RECOVERED),
                party,
                share.target(),
                share.owing(),
                recovered,
                reference);
    }

    /** First from what was never covered, then from what is there; what has been drawn already is owed. */
    private void takeBack(Book book, Share share) {
        BigInteger back = share.change().negate().max(BigInteger.ZERO);
        BigInteger never = back.min(balance(share.waiting()));
        BigInteger there = back.subtract(never).min(balance(share.target()));
        String party = share.party();
        String reference = share.reference();
        book.move(
                share.purpose(Purpose.BACK_UNCOVERED, Purpose.FEE_BACK_UNCOVERED),
                party,
                share.waiting(),
                book.residue,
                never,
                reference);
        book.move(share.purpose(Purpose.BACK, Purpose.FEE_BACK), party, share.target(), book.residue, there, reference);
        book.move(
                share.purpose(Purpose.BACK_OWED, Purpose.FEE_BACK_OWED),
                party,
                share.owing(),
                book.residue,
                back.subtract(never).subtract(there),
                reference);
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
