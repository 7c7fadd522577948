package org.tallystick.bench.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tallystick.platform.delivery.Edge;
import org.tallystick.platform.delivery.Edges;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;

/** An edge: one epoch after the other, the newest in use. */
final class SimEdge {
    private final int number;
    private final Principal principal;
    private final SplittableRandom random;
    private final List<SimEpoch> epochs = new ArrayList<>();
    private Optional<Signer> waiting = Optional.empty();

    SimEdge(Edge edge, SplittableRandom random) {
        this.number = edge.number();
        this.principal = new Principal(edge.party(), Role.EDGE);
        this.random = random;
    }

    int number() {
        return number;
    }

    Principal principal() {
        return principal;
    }

    /** Begins a new epoch with a new key. A key that has no certificate yet asks for it again. */
    void rotate(Edges edges) {
        if (waiting.isEmpty()) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            waiting = Optional.of(Ed25519.signer(seed));
        }
        Signer key = waiting.get();
        DidKey did = new DidKey(key.publicKey());
        EdgeCertificate certificate = edges.certify(principal, number, did, key.sign(Edges.proofMessage(number, did)))
                .orThrow()
                .certificate();
        waiting = Optional.empty();
        epochs.add(new SimEpoch(certificate, key, random.split()));
    }

    List<SimEpoch> epochs() {
        return epochs;
    }

    SimEpoch current() {
        return epochs.getLast();
    }

    Optional<SimEpoch> epoch(int epoch) {
        return epochs.stream().filter(each -> each.number() == epoch).findFirst();
    }

    /** The oldest epoch with something to ship. */
    Optional<SimEpoch> unshipped() {
        return epochs.stream().filter(epoch -> !epoch.isShipped()).findFirst();
    }
}
