package org.tallystick.platform.contract;

import java.util.Map;
import java.util.TreeMap;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.terms.ContractApproval;

/**
 * How many people inside a buyer's own organisation must approve the terms before its signature counts, and who they may be.
 *
 * @param needed how many of them must approve
 * @param approvers their keys by the part they play
 */
public record Approvals(int needed, Map<String, DidKey> approvers) {
    /** Most approvers of one negotiation. */
    public static final int MOST = 32;

    /** @throws org.tallystick.platform.kernel.RefusedException {@code approval/needed} */
    public Approvals {
        approvers = java.util.Collections.unmodifiableMap(new TreeMap<>(approvers));
        approvers.keySet().forEach(ContractApproval::part);
        long keys = approvers.values().stream().distinct().count();
        if (approvers.size() > MOST || needed < 1 || needed > approvers.size() || keys < approvers.size()) {
            throw Problem.invalid(
                            "approval/needed",
                            "Cannot be asked for",
                            "1 to " + MOST
                                    + " approvers, each with a key of its own, and no more needed than there are")
                    .asException();
        }
    }
}
