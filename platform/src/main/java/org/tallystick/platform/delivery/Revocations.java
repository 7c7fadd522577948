package org.tallystick.platform.delivery;

import java.util.List;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Tokens and contracts that were revoked: edges serve nothing under them any more.
 *
 * @param position to ask with next time
 * @param tokens revoked since, leaving out those that have expired anyway
 * @param closed those of the tokens that a job took with it when its buyer closed it
 * @param contracts revoked since
 */
public record Revocations(long position, List<TokenId> tokens, List<TokenId> closed, List<ContractId> contracts) {
    public Revocations {
        tokens = List.copyOf(tokens);
        closed = List.copyOf(closed);
        contracts = List.copyOf(contracts);
    }
}
