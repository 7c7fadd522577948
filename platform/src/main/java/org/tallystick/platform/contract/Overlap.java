package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.UseTerm;

/**
 * Whether a grant would break an exclusivity: in place, field and time. Pure. A grant without regions is for everywhere, a
 * contract without a field of its own for every field.
 */
final class Overlap {
    private static final Set<String> EU = Set.of(
            "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU",
            "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE");
    private static final Set<String> ONLY_EEA = Set.of("IS", "LI", "NO");

    private Overlap() {}

    /** A stretch of time: its first moment belongs to it, its end does not. */
    record Time(Instant begins, Instant ends) {
        boolean meets(Time other) {
            return begins.isBefore(other.ends) && other.begins.isBefore(ends);
        }
    }

    /**
     * What decides about exclusivity in a contract: its terms, its life and when it is exclusive.
     *
     * @param life from its acceptance to its end
     * @param window while it is exclusive; empty where it is not, or no longer
     */
    record Claim(ContractTerms terms, Time life, Optional<Time> window) {
        static Claim of(ContractDocument contract, Instant accepted, Optional<Instant> replacedEnd) {
            Instant counted = contract.countedFrom(accepted, replacedEnd);
            return of(contract.terms(), accepted, counted, contract.endOf(accepted, replacedEnd));
        }

        static Claim of(ContractTerms terms, Instant accepted, Instant ends) {
            return of(terms, accepted, accepted, ends);
        }

        private static Claim of(ContractTerms terms, Instant accepted, Instant counted, Instant ends) {
            return new Claim(
                    terms,
                    new Time(accepted, ends),
                    terms.find(UseTerm.Exclusivity.class)
                            .map(exclusivity ->
                                    new Time(exclusivity.begins(accepted), exclusivity.ends(accepted, counted))));
        }
    }

    /** Whether one claim, being exclusive, leaves no room for the grant of the other. */
    static boolean breaks(Claim exclusive, Claim grant) {
        if (exclusive.window().isEmpty() || !exclusive.window().get().meets(grant.life())) {
            return false;
        }
        UseTerm.Exclusivity term = exclusive.terms().get(UseTerm.Exclusivity.class);
        List<String> granted = grant.terms()
                .find(UseTerm.Regions.class)
                .map(UseTerm.Regions::places)
                .orElse(List.of());
        List<String> fields = grant.terms()
                .find(UseTerm.Exclusivity.class)
                .map(UseTerm.Exclusivity::verticals)
                .orElse(List.of());
        return meet(countries(term.places()), countries(granted))
                && meet(Set.copyOf(term.verticals()), Set.copyOf(fields));
    }

    /** Whether two sets have something in common; an empty one holds everything. */
    private static boolean meet(Set<String> one, Set<String> other) {
        return one.isEmpty() || other.isEmpty() || one.stream().anyMatch(other::contains);
    }

    private static Set<String> countries(List<String> places) {
        Set<String> countries = new HashSet<>();
        for (String place : places) {
            switch (place) {
                case "EU" -> countries.addAll(EU);
                case "EEA" -> {
                    countries.addAll(EU);
                    countries.addAll(ONLY_EEA);
                }
                default -> countries.add(place);
            }
        }
        return countries;
    }
}
