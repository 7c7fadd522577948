package org.tallystick.cli.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Table;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Money;
import org.tallystick.sdk.InvoiceSummary;
import org.tallystick.sdk.StatementSummary;

/**
 * Prints the result for a person: what each payee earned, what each buyer pays, what is left in escrow, and where to
 * look next.
 */
final class Summary {
    private static final int SHOWN = 12;
    private static final int FILES_SHOWN = 5;

    private final Terminal terminal;
    private final Map<String, Long> worksByCreator;

    /**
     * @param worksByCreator how many works each creator has
     */
    Summary(Terminal terminal, Map<String, Long> worksByCreator) {
        this.terminal = terminal;
        this.worksByCreator = Map.copyOf(worksByCreator);
    }

    void show(
            Report report,
            List<StatementSummary> statements,
            List<InvoiceSummary> invoices,
            Map<String, String> whereToLook) {
        terminal.line("");
        leftOut(report.content());
        earned(statements);
        terminal.line("");
        paid(report, invoices);
        terminal.line("");
        counted(report);
        terminal.line("");
        whereToLook.forEach((what, where) -> terminal.line(what + ": " + where));
    }

    private void earned(List<StatementSummary> statements) {
        Table table = new Table("what each earned", ">works", ">earned", "statement");
        List<StatementSummary> byTotal = statements.stream()
                .sorted(Comparator.comparing((StatementSummary one) ->
                                Money.parse(one.total().toString()))
                        .reversed()
                        .thenComparing(StatementSummary::party))
                .toList();
        byTotal.stream()
                .limit(SHOWN)
                .forEach(one -> table.row(
                        one.party(),
                        worksByCreator.containsKey(one.party())
                                ? Progress.grouped(worksByCreator.get(one.party()))
                                : "",
                        Money.parse(one.total().toString()).toString(),
                        one.id()));
        if (byTotal.size() > SHOWN) {
            Money rest = byTotal.stream()
                    .skip(SHOWN)
                    .map(one -> Money.parse(one.total().toString()))
                    .reduce(Money::plus)
                    .orElseThrow();
            table.row("… and " + (byTotal.size() - SHOWN) + " more", "", rest.toString(), "");
        }
        table.lines().forEach(terminal::line);
    }

    private void paid(Report report, List<InvoiceSummary> invoices) {
        Table table = new Table("where the money went", ">amount");
        invoices.forEach(one -> table.row(
                "invoiced to " + one.buyer() + " (" + one.contract() + ")",
                Money.parse(one.total().toString()).toString()));
        MoneyTotals money = report.money();
        table.row("gross", money.gross().toString());
        table.row("  to creators", money.toCreators().toString());
        table.row("  to curators", money.toCurators().toString());
        table.row("  platform fees", money.fees().toString());
        if (!money.residue().isZero()) {
            table.row("  residue, carried on", money.residue().toString());
        }
        table.row("paid into escrow", money.funded().toString());
        table.row("left in escrow", money.left().toString());
        table.lines().forEach(terminal::line);
    }

    /** Nothing is left out without a word. */
    private void leftOut(Report.Content content) {
        if (content.skipped().isEmpty()) {
            return;
        }
        terminal.line(Progress.grouped(content.skipped().size())
                + (content.skipped().size() == 1 ? " file of " : " files of ") + content.location()
                + " became no work of their own:");
        content.skipped().stream()
                .limit(FILES_SHOWN)
                .forEach(one -> terminal.line("  " + one.path() + ": " + one.reason()));
        if (content.skipped().size() > FILES_SHOWN) {
            terminal.line("  … and " + (content.skipped().size() - FILES_SHOWN) + " more; --report FILE lists them");
        }
    }

    private void counted(Report report) {
        Report.Traffic traffic = report.traffic();
        terminal.line(Progress.grouped(traffic.deliveries()) + " deliveries, every receipt verified; "
                + Progress.grouped(traffic.duplicates()) + " were repetitions and cost nothing; "
                + Progress.grouped(traffic.distinctUses()) + " distinct uses were billed; "
                + traffic.refused() + " requests were refused");
        terminal.line(report.documents().statementFiles().size() + " statements verified offline; the log has "
                + Progress.grouped(report.documents().logSize()) + " entries");
    }
}
