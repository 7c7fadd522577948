package org.tallystick.edge;

import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Scope;

/** Copies of a grant with one thing changed, so that tests say only what they are about. */
final class Grants {
    private Grants() {}

    static Grant onEdges(Grant grant, List<Integer> edges) {
        return copy(grant, grant.scope(), grant.quota(), grant.order(), edges);
    }

    static Grant under(Grant grant, Grant.Order order) {
        return copy(grant, grant.scope(), grant.quota(), Optional.of(order), grant.edges());
    }

    static Grant quota(Grant grant, long quota) {
        return copy(grant, grant.scope(), Optional.of(quota), grant.order(), grant.edges());
    }

    static Grant scope(Grant grant, Scope scope) {
        return copy(grant, scope, grant.quota(), grant.order(), grant.edges());
    }

    private static Grant copy(
            Grant grant, Scope scope, Optional<Long> quota, Optional<Grant.Order> order, List<Integer> edges) {
        return new Grant(
                grant.issuer(),
                grant.consumer(),
                grant.contract(),
                grant.job(),
                scope,
                grant.dataset(),
                grant.notBefore(),
                grant.expires(),
                quota,
                grant.regions(),
                order,
                edges);
    }
}
