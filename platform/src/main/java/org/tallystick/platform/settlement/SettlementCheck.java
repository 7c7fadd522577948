package org.tallystick.platform.settlement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.settlement.closing.CloseEntries;
import org.tallystick.platform.settlement.closing.CloseInput;
import org.tallystick.platform.settlement.closing.Commitments;
import org.tallystick.platform.settlement.closing.ContractNodeStore;
import org.tallystick.platform.settlement.closing.InvoiceStore;
import org.tallystick.platform.settlement.closing.SettlementStore;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.statement.Statement;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * Recomputes hashes, roots and sums from the statements and invoices in the tables: whatever was changed behind our back
 * no longer fits the root that the log's close entry has. One object makes one check.
 */
final class SettlementCheck {
    private final Handle tx;
    private final LongFunction<LogEntry> log;
    private final List<String> differences = new ArrayList<>();

    /** @param log reads an entry; a close's key is nowhere but there */
    SettlementCheck(Handle tx, LongFunction<LogEntry> log) {
        this.tx = tx;
        this.log = log;
    }

    List<String> differences() {
        Map<String, CloseInput.PayeeTotal> totals = new HashMap<>();
        Map<ContractId, Money> charged = new HashMap<>();
        for (SettlementStore.CloseRow close : SettlementStore.closes(tx)) {
            List<Hash> leaves = new ArrayList<>();
            Map<ContractId, Hash> invoices = new HashMap<>();
            Commitments commitments = CloseEntries.commitments(close.entry(), log);
            for (String id : SettlementStore.statementIds(tx, close.number())) {
                StoredStatement stored = SettlementStore.statement(tx, id).orElseThrow();
                leaves.add(commitments.leaf(id, statement(stored)));
                add(totals, stored.statement());
            }
            for (String id : SettlementStore.invoiceIds(tx, close.number())) {
                StoredInvoice stored = InvoiceStore.invoice(tx, id).orElseThrow();
                Hash hash = invoice(stored);
                leaves.add(commitments.leaf(id, hash));
                charged.merge(stored.contract(), stored.total(), Money::plus);
                invoices.put(stored.contract(), hash);
            }
            ContractNodeStore.of(tx, close.number()).forEach((contract, node) -> {
                leaves.add(node.leafHash());
                if (!node.invoice().equals(invoices.get(contract))) {
                    differences.add("the node of contract " + contract + " in close "
                            + close.period().id() + " is not of its invoice");
                }
            });
            if (!MerkleTree.root(leaves).equals(close.root())) {
                differences.add("close " + close.period().id() + " does not come to the root in the log");
            }
        }
        compare(totals, charged);
        return differences;
    }

    private Hash statement(StoredStatement stored) {
        Hash hash = stored.statement().hash();
        if (!hash.equals(stored.hash())
                || !stored.statement().total().equals(stored.total().micros())) {
            differences.add("statement " + stored.id() + " is not what its hash or its total says");
        }
        return hash;
    }

    private Hash invoice(StoredInvoice stored) {
        Hash hash = Sha256.hash(Jcs.bytes(stored.document()));
        String total = Fields.of(stored.document(), "invoice").text("total");
        if (!hash.equals(stored.hash()) || !total.equals(stored.total().toDecimal())) {
            differences.add("invoice " + stored.id() + " is not what its hash or its total says");
        }
        return hash;
    }

    private static void add(Map<String, CloseInput.PayeeTotal> totals, Statement statement) {
        for (Statement.ContractTotal total : statement.contracts()) {
            totals.merge(
                    total.contract() + " " + statement.party(),
                    new CloseInput.PayeeTotal(total.exact().toExact(), total.posted()),
                    (one, other) -> new CloseInput.PayeeTotal(
                            one.exact().plus(other.exact()), one.posted().add(other.posted())));
        }
    }

    private void compare(Map<String, CloseInput.PayeeTotal> totals, Map<ContractId, Money> charged) {
        totals.forEach((key, sum) -> {
            String[] parts = key.split(" ");
            CloseInput.PayeeTotal saved = Optional.ofNullable(SettlementStore.payeeTotals(tx, new ContractId(parts[0]))
                            .get(new PartyId(parts[1])))
                    .orElse(CloseInput.PayeeTotal.NOTHING);
            if (!saved.exact().equals(sum.exact()) || !saved.posted().equals(sum.posted())) {
                differences.add("what " + parts[1] + " earned under contract " + parts[0]
                        + " is not the sum of its statements");
            }
        });
        charged.forEach((contract, sum) -> {
            if (!SettlementStore.contractTotal(tx, contract).charged().equals(sum.micros())) {
                differences.add("what contract " + contract + " was charged is not the sum of its invoices");
            }
        });
    }
}
