package org.tallystick.drafting;

import java.math.BigDecimal;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.Charge;
import org.tallystick.protocol.terms.Compensation;
import org.tallystick.protocol.terms.Pricing;

/** What a compensation amounts to, as far as the terms alone can say. */
final class PaymentLevels {
    /** A certain payment below this amount, in the currency's major unit, is small for exclusive rights. */
    static final BigDecimal LITTLE = BigDecimal.valueOf(1_000);

    private PaymentLevels() {}

    /** Whether what is due depends on what the buyer earns. */
    static boolean ofRevenue(Compensation compensation) {
        return compensation.charges().stream()
                .anyMatch(charge -> charge instanceof Charge.RevenueShare
                        || (charge instanceof Charge.Pool pool && pool.share().isPresent()));
    }

    /** Whether what is due depends on numbers only the buyer has. */
    static boolean ofReports(Compensation compensation) {
        return ofRevenue(compensation)
                || compensation.charges().stream()
                        .anyMatch(charge -> charge instanceof Charge.Tokens || charge instanceof Charge.Inferences);
    }

    /** Whether nothing is due whatever happens. */
    static boolean nothing(Compensation compensation) {
        return compensation.bounds().stream().allMatch(bound -> bound instanceof Compensation.Cap)
                && compensation.charges().stream().allMatch(PaymentLevels::free);
    }

    private static boolean free(Charge charge) {
        return switch (charge) {
            case Charge.Samples samples -> zero(samples.price().first().price());
            case Charge.Tokens tokens -> zero(tokens.price().first().price());
            case Charge.Inferences inferences -> zero(inferences.price().first().price());
            case Charge.Upfront upfront -> zero(upfront.amount());
            case Charge.Bulk bulk -> bulk.total().signum() == 0;
            case Charge.Subscription subscription -> zero(subscription.amount());
            case Charge.Credits credits -> zero(credits.pack());
            case Charge.RevenueShare ignored -> false;
            case Charge.Pool pool -> pool.amount().filter(PaymentLevels::zero).isPresent();
        };
    }

    private static boolean zero(Pricing.Price price) {
        return price.amount().signum() == 0;
    }

    /** What is certain to be paid at least once: upfront, bulk, a guarantee, a floor, the first period or pack. */
    static BigDecimal certain(Compensation compensation) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Charge charge : compensation.charges()) {
            sum = sum.add(
                    switch (charge) {
                        case Charge.Upfront upfront -> upfront.amount().amount();
                        case Charge.Bulk bulk -> bulk.total();
                        case Charge.Subscription subscription ->
                            subscription.amount().amount();
                        case Charge.Credits credits -> credits.pack().amount();
                        case Charge.Pool pool ->
                            pool.amount().map(Pricing.Price::amount).orElse(BigDecimal.ZERO);
                        default -> BigDecimal.ZERO;
                    });
        }
        for (Compensation.Bound bound : compensation.bounds()) {
            if (!(bound instanceof Compensation.Cap)) {
                sum = sum.max(bound.amount().amount());
            }
        }
        return sum;
    }

    /** Whether a use in that scope costs anything, directly or through a price that covers every use. */
    static boolean prices(Compensation compensation, Scope scope) {
        return compensation.charges().stream().anyMatch(charge -> switch (charge) {
            case Charge.Samples samples -> samples.tier().map(scope::equals).orElse(true);
            case Charge.Tokens tokens -> tokens.tier().map(scope::equals).orElse(scope == Scope.INFERENCE);
            case Charge.Inferences ignored -> scope == Scope.INFERENCE;
            default -> true;
        });
    }

    /** Whether training or embedding uses that cost nothing now are paid for later, from what the model earns. */
    static boolean laterPaid(Compensation compensation) {
        return compensation.charges().stream()
                .anyMatch(charge -> charge instanceof Charge.Tokens || charge instanceof Charge.Inferences);
    }
}
