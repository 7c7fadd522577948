package org.tallystick.protocol.terms;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.MalformedException;

/**
 * All terms of a contract, at most one of each kind, always in the same order. Terms that contradict each other are
 * refused and the error names the clause, so every reader may rely on each term alone. Immutable.
 */
public record ContractTerms(List<Term> all) {
    /** All kinds of terms, in the order in which they are written and printed. */
    public static final List<Class<? extends Term>> KINDS = List.of(
            UseTerm.Grant.class,
            UseTerm.Forbidden.class,
            UseTerm.Duration.class,
            UseTerm.Renewal.class,
            UseTerm.Regions.class,
            UseTerm.Proof.class,
            UseTerm.Exclusivity.class,
            UseTerm.Sublicensing.class,
            UseTerm.Derivatives.class,
            UseTerm.Exposure.class,
            PayTerm.Price.class,
            PayTerm.Fee.class,
            PayTerm.Splits.class,
            PayTerm.Payout.class,
            PayTerm.Escrow.class,
            CareTerm.Attribution.class,
            CareTerm.Reporting.class,
            CareTerm.Audit.class,
            CareTerm.OutputReview.class,
            CareTerm.Surplus.class,
            CareTerm.Retention.class,
            CareTerm.Deletion.class,
            CareTerm.Privacy.class,
            CareTerm.Security.class,
            RiskTerm.Indemnity.class,
            RiskTerm.Liability.class,
            RiskTerm.Disputes.class,
            RiskTerm.Termination.class);

    private static final Set<Class<? extends Term>> NEEDED = Set.of(
            UseTerm.Grant.class,
            UseTerm.Duration.class,
            PayTerm.Price.class,
            PayTerm.Splits.class,
            PayTerm.Payout.class);

    /**
     * @throws MalformedException {@code contract/…} where a kind is missing or stands twice, or terms contradict
     */
    public ContractTerms {
        all = all.stream()
                .sorted(Comparator.comparingInt(term -> KINDS.indexOf(term.getClass())))
                .toList();
        Set<Class<?>> seen = new HashSet<>();
        for (Term term : all) {
            if (!seen.add(term.getClass())) {
                throw Bounds.fault("term-duplicate", "", term.getClass().getSimpleName() + " stands twice");
            }
        }
        for (Class<? extends Term> kind : NEEDED) {
            if (!seen.contains(kind)) {
                throw Bounds.fault("term-missing", "", kind.getSimpleName() + " is missing");
            }
        }
        Contradictions.check(all);
    }

    /** Terms in any order. */
    public static ContractTerms of(Collection<? extends Term> terms) {
        return new ContractTerms(List.copyOf(terms));
    }

    /** The term of a kind, if the parties agreed on one. */
    public <T extends Term> Optional<T> find(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /**
     * The term of a kind that every contract has, or that the caller knows to be present.
     *
     * @throws java.util.NoSuchElementException where it is absent
     */
    public <T extends Term> T get(Class<T> kind) {
        return find(kind).orElseThrow(() -> new IllegalArgumentException("no term " + kind.getSimpleName()));
    }

    /** What the buyer pays. */
    public Compensation compensation() {
        return get(PayTerm.Price.class).compensation();
    }

    /** A copy with this term in place of the one of the same kind, if there was one. */
    public ContractTerms with(Term term) {
        List<Term> terms = new ArrayList<>(all);
        terms.removeIf(other -> other.getClass() == term.getClass());
        terms.add(term);
        return new ContractTerms(terms);
    }

    /** A copy without the term of a kind. */
    public ContractTerms without(Class<? extends Term> kind) {
        return new ContractTerms(
                all.stream().filter(term -> !kind.isInstance(term)).toList());
    }
}
