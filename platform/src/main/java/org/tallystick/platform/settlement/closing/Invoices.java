package org.tallystick.platform.settlement.closing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.pricing.Notation;
import org.tallystick.protocol.statement.Invoice;
import org.tallystick.protocol.statement.Statement;

/** Makes the invoices of a close, which wait for the sequencer because escrow decides how each is covered. */
public final class Invoices {
    private Invoices() {}

    /**
     * The invoices of a close, in the order of its contracts.
     *
     * @param before hash of a contract's latest invoice before this close, where there is one
     */
    public static List<Invoice> all(
            CloseInput input,
            CloseResult result,
            List<Transfers.OfContract> transfers,
            Function<ContractId, Optional<Hash>> before) {
        List<Invoice> invoices = new ArrayList<>();
        for (int i = 0; i < result.contracts().size(); i++) {
            CloseResult.OfContract of = result.contracts().get(i);
            Notation notation = result.notation();
            String contract = of.contract().id().value();
            invoices.add(new Invoice(
                    notation,
                    input.platform(),
                    input.period().id(),
                    input.period().from(),
                    input.period().to(),
                    input.position(),
                    contract,
                    of.contract().buyer().value(),
                    of.currency().code(),
                    notation == Notation.FRACTIONS
                            ? Optional.empty()
                            : before.apply(of.contract().id()),
                    of.lines().stream().map(line -> in(notation, line)).toList(),
                    new Statement.ContractTotal(
                            contract,
                            notation.of(of.before().gross()),
                            notation.of(of.gross()),
                            of.before().charged(),
                            of.charge()),
                    notation.of(of.fee()),
                    transfers.get(i).fromEscrow()));
        }
        return invoices;
    }

    private static Invoice.Line in(Notation notation, Invoice.Line line) {
        return new Invoice.Line(
                line.kind(),
                line.job(),
                line.scope(),
                line.uses(),
                line.unitPrice(),
                notation.of(line.exact().toExact()),
                line.usedIn());
    }

    public static String id(String platform, String period, ContractId contract) {
        return Invoice.id(platform, period, contract.value());
    }
}
