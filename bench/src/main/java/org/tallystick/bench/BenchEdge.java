package org.tallystick.bench;

import java.nio.charset.StandardCharsets;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.delivery.Edge;
import org.tallystick.platform.delivery.Edges;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;

/**
 * An edge that the benchmark's platform knows, in its first epoch.
 *
 * @param key signs its batches
 */
record BenchEdge(int number, int epoch, Signer key, Principal principal) {

    /** Registers an edge and has its key certified. */
    static BenchEdge certified(Deliveries delivery, String name) {
        Principal operator = new Principal(Parties.OPERATOR, Role.OPERATOR);
        Edge edge = delivery.edges().register(operator, name).orThrow().edge();
        Signer key = signer(name);
        DidKey did = new DidKey(key.publicKey());
        Principal principal = new Principal(edge.party(), Role.EDGE);
        int epoch = delivery.edges()
                .certify(principal, edge.number(), did, key.sign(Edges.proofMessage(edge.number(), did)))
                .orThrow()
                .certificate()
                .epoch();
        return new BenchEdge(edge.number(), epoch, key, principal);
    }

    /** The key of whoever has that name. */
    static Signer signer(String name) {
        return Ed25519.signer(Sha256.hash(name.getBytes(StandardCharsets.UTF_8)).toBytes());
    }
}
