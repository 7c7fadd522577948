package org.tallystick.platform.contract;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.terms.ContractApproval;

/** The tables of approvals. */
final class ApprovalStore {
    private ApprovalStore() {}

    static Optional<Approvals> wanted(Handle tx, String negotiation) {
        Map<String, DidKey> approvers = new TreeMap<>();
        List<Integer> needed = tx.select(
                        "select approver, key, needed from contract.approver where negotiation = ?", negotiation)
                .map((row, context) -> {
                    approvers.put(row.getString("approver"), DidKey.parse(row.getString("key")));
                    return row.getInt("needed");
                })
                .list();
        return needed.stream().findFirst().map(many -> new Approvals(many, approvers));
    }

    /** Who has approved these terms, in the order in which it became known. */
    static List<String> given(Handle tx, String negotiation, Hash terms) {
        return tx.select(
                        "select approver from contract.approval where negotiation = ? and hash = ? order by position",
                        negotiation,
                        terms.toBytes())
                .mapTo(String.class)
                .list();
    }

    static void insert(Handle tx, String negotiation, long position, Approvals approvals) {
        approvals
                .approvers()
                .forEach((approver, key) -> tx.execute(
                        "insert into contract.approver (negotiation, approver, key, needed, position)"
                                + " values (?, ?, ?, ?, ?)",
                        negotiation,
                        approver,
                        key.toString(),
                        approvals.needed(),
                        position));
    }

    static void insert(Handle tx, String negotiation, long position, Hash terms, ContractApproval approval) {
        tx.execute(
                "insert into contract.approval (negotiation, approver, hash, position, approval) values (?, ?, ?, ?,"
                        + " ?)",
                negotiation,
                approval.approver(),
                terms.toBytes(),
                position,
                approval.json().toString());
    }
}
