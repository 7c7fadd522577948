package org.tallystick.protocol.terms;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds terms of one contract that contradict each other. Each error names the clause that must change. */
final class Contradictions {
    private final List<Term> terms;

    private Contradictions(List<Term> terms) {
        this.terms = terms;
    }

    static void check(List<Term> terms) {
        Contradictions contradictions = new Contradictions(terms);
        contradictions.uses();
        contradictions.times();
        contradictions.exclusivity();
        contradictions.prices();
        contradictions.passingOn();
    }

    private void uses() {
        UseTerm.Grant grant = get(UseTerm.Grant.class);
        find(UseTerm.Forbidden.class)
                .ifPresent(forbidden -> forbidden
                        .acts()
                        .forEach(act -> Use.ofWord(act)
                                .filter(grant.uses()::contains)
                                .ifPresent(use -> {
                                    throw Bounds.fault(
                                            "use-contradiction",
                                            "forbiddenUses",
                                            use.word() + " is both permitted and forbidden");
                                })));
    }

    private void times() {
        UseTerm.Duration life = get(UseTerm.Duration.class);
        find(UseTerm.Exclusivity.class).ifPresent(exclusivity -> {
            if (Bounds.longer(exclusivity.window(), life.period())) {
                throw Bounds.fault("exclusivity", "window", "is longer than the contract lives");
            }
            exclusivity
                    .reversion()
                    .filter(reversion -> Bounds.longer(reversion.within(), exclusivity.window()))
                    .ifPresent(reversion -> {
                        throw Bounds.fault("exclusivity", "reversion.within", "is longer than the window");
                    });
        });
        find(CareTerm.Retention.class).ifPresent(retention -> {
            if (Bounds.longer(retention.retraining(), life.period())) {
                throw Bounds.fault("retention", "retraining", "is longer than the contract lives");
            }
        });
        find(UseTerm.Renewal.class).ifPresent(renewal -> {
            if (Bounds.longer(renewal.notice(), life.period())) {
                throw Bounds.fault("renewal", "notice", "is longer than the contract lives");
            }
        });
        find(RiskTerm.Termination.class).flatMap(RiskTerm.Termination::notice).ifPresent(notice -> {
            if (Bounds.longer(notice, life.period())) {
                throw Bounds.fault("termination", "notice", "is longer than the contract lives");
            }
        });
    }

    private void exclusivity() {
        Compensation compensation = get(PayTerm.Price.class).compensation();
        if (compensation.exclusivePremium().isPresent()
                && find(UseTerm.Exclusivity.class).isEmpty()) {
            throw Bounds.fault("exclusive-premium", "", "is a premium on an exclusivity nobody grants");
        }
    }

    private void prices() {
        Compensation compensation = get(PayTerm.Price.class).compensation();
        UseTerm.Grant grant = get(UseTerm.Grant.class);
        for (Charge charge : compensation.charges()) {
            charge.tier().filter(tier -> !grant.scopes().contains(tier)).ifPresent(tier -> {
                throw Bounds.fault("charge-tier", charge.word(), "prices " + tier.word() + ", which is not permitted");
            });
        }
        List<Pricing.Price> others = new ArrayList<>();
        find(UseTerm.Exclusivity.class)
                .flatMap(UseTerm.Exclusivity::reversion)
                .ifPresent(reversion -> others.add(reversion.unlessPaid()));
        find(CareTerm.Security.class).flatMap(CareTerm.Security::insurance).ifPresent(others::add);
        find(RiskTerm.Liability.class).flatMap(RiskTerm.Liability::cap).ifPresent(others::add);
        for (Pricing.Price price : others) {
            if (!price.currency().equals(compensation.currency())) {
                throw Bounds.fault(
                        "currencies-mixed",
                        "",
                        price.currency() + " stands beside " + compensation.currency() + "; a contract has one");
            }
        }
    }

    private void passingOn() {
        List<String> acts =
                find(UseTerm.Forbidden.class).map(UseTerm.Forbidden::acts).orElse(List.of());
        find(UseTerm.Sublicensing.class).ifPresent(sublicensing -> {
            refuse(acts, "sublicensing", sublicensing.sublicense() != UseTerm.Permission.FORBIDDEN);
            refuse(acts, "resale", sublicensing.resale() != UseTerm.Permission.FORBIDDEN);
        });
        find(UseTerm.Derivatives.class).ifPresent(derivatives -> {
            boolean weights = derivatives.weights() != UseTerm.Permission.FORBIDDEN;
            refuse(acts, Use.WEIGHT_DISTRIBUTION.word(), weights);
            refuse(acts, "derivative-commercialization", derivatives.commercial() != UseTerm.Permission.FORBIDDEN);
            if (get(UseTerm.Grant.class).uses().contains(Use.WEIGHT_DISTRIBUTION) && !weights) {
                throw Bounds.fault("derivatives", "weights", "are forbidden, but their distribution is permitted");
            }
        });
    }

    private static void refuse(List<String> acts, String act, boolean allowed) {
        if (allowed && acts.contains(act)) {
            throw Bounds.fault("use-contradiction", "forbiddenUses", act + " is forbidden here and allowed elsewhere");
        }
    }

    private <T extends Term> Optional<T> find(Class<T> kind) {
        return terms.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    private <T extends Term> T get(Class<T> kind) {
        return find(kind).orElseThrow();
    }
}
