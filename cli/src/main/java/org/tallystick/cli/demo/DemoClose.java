package org.tallystick.cli.demo;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.Times;
import org.tallystick.sdk.Account;
import org.tallystick.sdk.Amount;
import org.tallystick.sdk.Close;
import org.tallystick.sdk.Contract;
import org.tallystick.sdk.InvoiceSummary;
import org.tallystick.sdk.PageOf;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.StatementSummary;
import org.tallystick.sdk.TallystickClient;

/** Closes the period and collects its documents and sums: statements, invoices, what is left in escrow. */
final class DemoClose {
    private static final Currency USD = Currency.of("USD");

    private final DemoParties parties;
    private final List<Contract> contracts;
    private final TallystickClient operator;

    DemoClose(DemoParties parties, List<Contract> contracts) {
        this.parties = parties;
        this.contracts = List.copyOf(contracts);
        this.operator = parties.operator();
    }

    /**
     * Closes the period twice. The second time must return the same statements and invoices, because a close is
     * repeatable.
     */
    Close close(String period, Instant from, Instant to) {
        Close first;
        Instant begin = from;
        try {
            first = operator.closePeriod(period, begin, to);
        } catch (ProblemException e) {
            begin = follows(e);
            first = operator.closePeriod(period, begin, to);
        }
        Close again = operator.closePeriod(period, begin, to);
        if (!first.equals(again)) {
            throw new WrongSumException("closing " + period + " a second time gave other papers");
        }
        return first;
    }

    /**
     * The first moment this period may begin at. Periods follow one another without a gap, so it is the end of an
     * earlier run's period.
     */
    private static Instant follows(ProblemException refused) {
        String expected = refused.extras().get("expected_from");
        if (expected == null) {
            throw refused;
        }
        return Times.parse(expected);
    }

    List<String> contractIds() {
        return contracts.stream().map(Contract::id).toList();
    }

    private static Map<String, String> filter(String period, Optional<String> cursor) {
        Map<String, String> filter = new HashMap<>(Map.of("period", period));
        cursor.ifPresent(next -> filter.put("cursor", next));
        return filter;
    }

    /** Writes every statement and invoice of a period to a file that verifies offline. */
    CloseDocuments export(String period, Path folder, Terminal terminal) throws InterruptedException {
        List<StatementSummary> statements = PageOf.all(cursor -> operator.statements(filter(period, cursor)));
        List<InvoiceSummary> invoices = PageOf.all(cursor -> operator.invoices(filter(period, cursor)));
        int papers = statements.size() + invoices.size();
        try (Progress progress = terminal.progress("export", papers, "statements and invoices")) {
            List<Path> files = Parallel.each(statements, 2, statement -> {
                Path file = folder.resolve(statement.id() + ".json");
                operator.statementFile(statement.id(), file);
                progress.add(1);
                return file;
            });
            List<Path> billed = Parallel.each(invoices, 2, invoice -> {
                Path file = folder.resolve(invoice.id() + ".json");
                operator.invoiceFile(invoice.id(), file);
                progress.add(1);
                return file;
            });
            return new CloseDocuments(statements, invoices, files, billed);
        }
    }

    /** Adds up the amounts of all statements and invoices and of the escrow. */
    MoneyTotals totals(List<StatementSummary> statements, List<InvoiceSummary> invoices, Money funded) {
        Money creators = Money.zero(USD);
        Money curators = Money.zero(USD);
        for (StatementSummary statement : statements) {
            if (parties.creators().containsKey(statement.party())) {
                creators = creators.plus(money(statement.total()));
            } else if (statement.party().equals(parties.curator().id())) {
                curators = curators.plus(money(statement.total()));
            } else if (!money(statement.total()).equals(Money.zero(USD))) {
                throw new WrongSumException("a statement for " + statement.party() + ", who earned nothing here");
            }
        }
        Money gross = Money.zero(USD);
        for (InvoiceSummary invoice : invoices) {
            gross = gross.plus(money(invoice.total()));
        }
        Money residue = Money.zero(USD);
        Money left = Money.zero(USD);
        for (Contract contract : contracts) {
            residue = residue.plus(balance("residue:" + contract.id()));
            left = left.plus(balance("escrow:" + contract.id()));
        }
        return new MoneyTotals(gross, creators, curators, balance("fee:USD"), residue, funded, left);
    }

    /** The balance of an account; one that was never used holds nothing. */
    private Money balance(String account) {
        List<Amount> balances = accounts().getOrDefault(account, List.of());
        return balances.stream()
                .map(DemoClose::money)
                .filter(money -> money.currency().equals(USD))
                .reduce(Money.zero(USD), Money::plus);
    }

    private Map<String, List<Amount>> accounts() {
        Map<String, List<Amount>> all = new HashMap<>();
        for (Account account : operator.trialBalance()) {
            all.computeIfAbsent(account.name(), name -> new ArrayList<>()).addAll(account.balances());
        }
        return all;
    }

    private static Money money(Amount amount) {
        return Money.parse(amount.toString());
    }
}
