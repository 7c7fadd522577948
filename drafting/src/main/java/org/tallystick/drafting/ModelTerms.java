package org.tallystick.drafting;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.Use;
import org.tallystick.protocol.terms.UseTerm;

/**
 * What may be done with a model: everything that all contracts it was trained under permit and none forbids. A pure
 * function of their terms; their order does not matter.
 *
 * @param uses that every contract permits; empty where they have none in common
 * @param purposes for which every contract allows the results; empty where no contract restricts them
 * @param forbidden acts that at least one contract forbids by name, sorted
 */
public record ModelTerms(Set<Use> uses, Optional<Set<UseTerm.Purpose>> purposes, SortedSet<String> forbidden) {
    public ModelTerms {
        uses = Set.copyOf(uses);
        purposes = purposes.map(Set::copyOf);
        forbidden = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(forbidden));
    }

    /**
     * The terms a model inherits.
     *
     * @param all of the contracts under which works were used for it, at least one
     */
    public static ModelTerms of(Collection<ContractTerms> all) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a model inherits from at least one contract");
        }
        Set<Use> uses = EnumSet.allOf(Use.class);
        Set<UseTerm.Purpose> purposes = EnumSet.allOf(UseTerm.Purpose.class);
        boolean bounded = false;
        SortedSet<String> forbidden = new TreeSet<>();
        for (ContractTerms terms : all) {
            UseTerm.Grant grant = terms.get(UseTerm.Grant.class);
            uses.retainAll(grant.uses());
            if (!grant.purposes().isEmpty()) {
                purposes.retainAll(grant.purposes());
                bounded = true;
            }
            terms.find(UseTerm.Forbidden.class).ifPresent(banned -> forbidden.addAll(banned.acts()));
        }
        uses.removeIf(use -> forbidden.contains(use.word()));
        return new ModelTerms(uses, bounded ? Optional.of(purposes) : Optional.empty(), forbidden);
    }
}
