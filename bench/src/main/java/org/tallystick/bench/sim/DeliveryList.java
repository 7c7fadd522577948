package org.tallystick.bench.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.TokenId;

/**
 * Every delivery that became durable, in a list. Computes what was used by reading the list from its beginning, without
 * sets, batches or money, so that it has none of the platform's possible errors in common.
 */
final class DeliveryList {
    private final List<Leaf> leaves = new ArrayList<>();
    private final Map<TokenId, Grant> grants = new HashMap<>();
    private final Map<ContentId, PartyId> creators;

    /** @param creators of the works of the one dataset there is */
    DeliveryList(Map<ContentId, PartyId> creators) {
        this.creators = Map.copyOf(creators);
    }

    void add(Leaf leaf) {
        leaves.add(leaf);
    }

    void add(Grant grant) {
        grants.put(grant.tokenId(), grant);
    }

    int size() {
        return leaves.size();
    }

    /**
     * How many different works of each creator were used in each job of a contract, summed over the jobs.
     *
     * @param known which leaves count at all
     */
    Map<PartyId, Long> uses(ContractId contract, Predicate<Leaf> known) {
        Set<String> voided = new HashSet<>();
        for (Leaf leaf : leaves) {
            if (leaf.kind() == LeafKind.VOID && known.test(leaf)) {
                voided.add(leaf.edge() + "/" + leaf.epoch() + "/" + leaf.voids());
            }
        }
        Set<String> seen = new TreeSet<>();
        Map<PartyId, Long> uses = new TreeMap<>();
        for (Leaf leaf : leaves) {
            Grant grant = Objects.requireNonNull(grants.get(leaf.token()));
            boolean stands = known.test(leaf)
                    && leaf.kind().meters()
                    && !voided.contains(leaf.edge() + "/" + leaf.epoch() + "/" + leaf.sequence());
            boolean counts = grant.contract().equals(contract.value())
                    && grant.scope().meters()
                    && grant.validAt(Instant.ofEpochMilli(leaf.time()))
                    && creators.containsKey(leaf.content());
            if (stands && counts && seen.add(grant.job() + "/" + grant.scope() + "/" + leaf.content())) {
                uses.merge(Objects.requireNonNull(creators.get(leaf.content())), 1L, Math::addExact);
            }
        }
        return uses;
    }
}
