package org.tallystick.platform.settlement.statements;

import java.util.List;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.Paper;
import org.tallystick.protocol.statement.Statement;

/** Which of the works that a close billed under a contract stand behind some lines of a paper. */
sealed interface Counted {
    /** Whether there is no line at all. */
    boolean isEmpty();

    /** Whether works of all creators are counted, and not those of the payee alone. */
    boolean all();

    boolean counts(CloseInput.BilledSet part);

    /** The lines of a paper under a contract. */
    static Counted of(Paper paper, String contract) {
        return switch (paper) {
            case Statement statement -> of(statement.lines(), contract);
            case Invoice invoice ->
                new OfInvoice(
                        invoice.lines().isEmpty(),
                        invoice.lines().stream().anyMatch(line -> line.kind() != Statement.Kind.FLAT));
        };
    }

    /** Those of some lines of a statement that are under a contract. */
    static Counted of(List<Statement.Line> lines, String contract) {
        return new OfStatement(
                lines.stream().filter(line -> line.contract().equals(contract)).toList());
    }

    /** Lines of a statement. */
    record OfStatement(List<Statement.Line> lines) implements Counted {
        @Override
        public boolean isEmpty() {
            return lines.isEmpty();
        }

        @Override
        public boolean all() {
            return lines.stream().anyMatch(line -> line.basis() == Statement.Basis.RECIPIENT);
        }

        @Override
        public boolean counts(CloseInput.BilledSet part) {
            return lines.stream().anyMatch(line -> References.counts(line, part));
        }
    }

    /**
     * The lines of an invoice: all that the close billed under its contract.
     *
     * @param all whether any of them counts uses
     */
    record OfInvoice(boolean isEmpty, boolean all) implements Counted {
        @Override
        public boolean counts(CloseInput.BilledSet part) {
            return all;
        }
    }
}
