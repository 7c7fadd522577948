package org.tallystick.platform.settlement.closing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.protocol.usage.ContractNode;

/** Reads what closes commit to of contracts, which stands beside their invoices. */
public final class ContractNodeStore {
    private ContractNodeStore() {}

    /** The nodes of a close's contracts, in order of contract; none of a close of before the log's change of format. */
    public static SequencedMap<ContractId, ContractNode> of(Handle tx, int close) {
        SequencedMap<ContractId, ContractNode> found = new LinkedHashMap<>();
        tx.select(
                        "select contract, node from settlement.invoice where close = ? and node is not null"
                                + " order by contract",
                        close)
                .map((row, context) ->
                        Map.entry(new ContractId(row.getString("contract")), ContractNode.decode(row.getBytes("node"))))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }
}
