package org.tallystick.drafting;

import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.Charge;
import org.tallystick.protocol.terms.Compensation;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.PayTerm;
import org.tallystick.protocol.terms.Pricing;
import org.tallystick.protocol.terms.UnitPrice;
import org.tallystick.protocol.terms.Volume;

/** The clauses on what is paid, to whom and when. */
final class PayClauses {
    private static final Period AT_ONCE = Period.ZERO;
    private static final Period MONTH = Period.ofDays(30);

    private PayClauses() {}

    static Clause of(PayTerm term) {
        return switch (term) {
            case PayTerm.Price price -> price(price);
            case PayTerm.Fee fee ->
                new ClauseWriter("fee", "The platform's fee", fee)
                        .say("The platform keeps " + English.percent(fee.share())
                                + " of what the buyer pays, before it is shared.")
                        .keptBy(Enforcer.RATING, "takes exactly this part of every amount")
                        .done();
            case PayTerm.Splits splits -> splits(splits);
            case PayTerm.Payout payout -> payout(payout);
            case PayTerm.Escrow escrow ->
                new ClauseWriter("escrow", "Escrow", escrow)
                        .say("The buyer's money is held by " + escrow.provider()
                                + " and leaves it only for what this contract makes due, or back to the buyer.")
                        .keptBy(Enforcer.LEDGER, "moves no more out of escrow than is in it")
                        .duty(
                                "fund",
                                Owner.BUYER,
                                "funds the escrow with what is due for the first month",
                                new Due.AfterStart(AT_ONCE))
                        .done();
        };
    }

    private static Clause price(PayTerm.Price term) {
        Compensation compensation = term.compensation();
        ClauseWriter clause = new ClauseWriter("price", "What the buyer pays", term);
        compensation.charges().forEach(charge -> charge(clause, charge));
        compensation.bounds().forEach(bound -> bound(clause, bound));
        compensation
                .exclusivePremium()
                .ifPresent(premium -> clause.say("While the contract is exclusive, prices per unit are multiplied by "
                        + premium.toPlainString() + "."));
        clause.sayIf(compensation.charges().size() > 1, "Everything named in this clause is due, each by itself.");
        return clause.say("Amounts are computed exactly and rounded only when they are paid; what rounding leaves is"
                        + " carried forward.")
                .keptBy(Enforcer.ACCEPTANCE, "accepts no contract whose price the platform cannot compute")
                .keptBy(Enforcer.METER, "counts each work once in each job, however often it is delivered")
                .keptBy(Enforcer.RATING, "computes what is due from what was used and from nothing else")
                .done();
    }

    private static void charge(ClauseWriter clause, Charge charge) {
        switch (charge) {
            case Charge.Samples samples ->
                clause.say("For each distinct work used within a job" + tier(charge) + ", "
                        + volume(samples.price(), "works") + ".");
            case Charge.Tokens tokens ->
                clause.say("For each thousand tokens" + tier(charge) + ", " + volume(tokens.price(), "tokens") + ".")
                        .duty(
                                "tokens",
                                Owner.BUYER,
                                "reports the tokens given out, in signed usage events",
                                new Due.Every(Period.ofMonths(1), Period.ofDays(5), false));
            case Charge.Inferences inferences ->
                clause.say("For each answer of a model to which a work contributed with a score of at least "
                                + inferences.threshold().toPlainString() + " (of 1), "
                                + volume(inferences.price(), "answers") + ".")
                        .duty(
                                "inferences",
                                Owner.BUYER,
                                "reports the answers and their scores, in signed usage events",
                                new Due.Every(Period.ofMonths(1), Period.ofDays(5), false));
            case Charge.Upfront upfront ->
                clause.say(English.amount(upfront.amount()) + " once, when the contract comes into force.")
                        .duty(
                                "upfront",
                                Owner.BUYER,
                                "pays " + English.amount(upfront.amount()),
                                new Due.AfterStart(AT_ONCE));
            case Charge.Bulk bulk -> bulk(clause, bulk);
            case Charge.Subscription subscription -> subscription(clause, subscription);
            case Charge.Credits credits -> credits(clause, credits);
            case Charge.RevenueShare share -> revenueShare(clause, share);
            case Charge.Pool pool -> pool(clause, pool);
        }
    }

    private static String tier(Charge charge) {
        return charge.tier().map(tier -> " for " + tier(tier)).orElse("");
    }

    private static String tier(Scope tier) {
        return switch (tier) {
            case TRAINING -> "training";
            case EMBEDDING -> "embedding";
            case INFERENCE -> "inference";
            case PREVIEW -> "preview";
        };
    }

    private static <P extends UnitPrice> String volume(Volume<P> volume, String units) {
        StringBuilder out = new StringBuilder(English.amount(volume.first().price()));
        for (Volume.Step<P> step : volume.steps()) {
            out.append(", and above ")
                    .append(English.number(step.above()))
                    .append(' ')
                    .append(units)
                    .append(' ')
                    .append(English.amount(step.price().price()));
        }
        return out.toString();
    }

    private static void bulk(ClauseWriter clause, Charge.Bulk bulk) {
        String currency = bulk.prices().getFirst().currency();
        clause.say("A bulk price of " + English.amount(new Pricing.Price(currency, bulk.total()))
                + ", held in escrow and released by milestones.");
        for (Charge.Milestone milestone : bulk.milestones()) {
            String released = switch (milestone.release()) {
                case DELIVERY -> "when every work has been delivered once";
                case APPROVAL -> "when the buyer approves in writing, which it does or refuses with reasons";
                case DATE -> "on its day";
            };
            clause.say("Milestone \"" + milestone.name() + "\": " + English.amount(milestone.amount()) + ", released "
                            + released + ", at the latest " + English.period(milestone.within())
                            + " after the contract came into force.")
                    .duty(
                            "milestone-" + milestone.name(),
                            Owner.BUYER,
                            "releases " + English.amount(milestone.amount()) + " for milestone \"" + milestone.name()
                                    + "\"",
                            new Due.AfterStart(milestone.within()));
        }
        clause.duty("bulk", Owner.BUYER, "pays the bulk price into escrow", new Due.AfterStart(AT_ONCE));
    }

    private static void subscription(ClauseWriter clause, Charge.Subscription subscription) {
        clause.say("A subscription of " + English.amount(subscription.amount()) + " for every period begun of "
                        + English.period(subscription.every())
                        + subscription
                                .includes()
                                .map(samples -> ", which covers " + English.number(samples.count())
                                        + " distinct works; further works are due by their price where one is named,"
                                        + " and are not delivered otherwise")
                                .orElse(", which covers any number of works")
                        + ".")
                .duty(
                        "subscription",
                        Owner.BUYER,
                        "pays " + English.amount(subscription.amount()),
                        new Due.Every(subscription.every(), AT_ONCE, true));
    }

    private static void credits(ClauseWriter clause, Charge.Credits credits) {
        List<String> costs = new ArrayList<>();
        for (Charge.CreditCost cost : credits.costs()) {
            String unit = switch (cost.unit()) {
                case SAMPLE -> "a distinct work";
                case THOUSAND_TOKENS -> "a thousand tokens";
                case INFERENCE -> "an answer";
            };
            costs.add(English.number(cost.credits()) + " for " + unit);
        }
        clause.say("Credits in packs of " + English.number(credits.credits()) + " for "
                        + English.amount(credits.pack()) + ", valid for " + English.period(credits.valid())
                        + ", spent at this rate: " + English.and(costs) + ".")
                .say("Creators are paid for credits when they are spent; credits that lapse are paid as if they had"
                        + " been spent evenly on all works.")
                .duty("credits", Owner.BUYER, "buys the first pack", new Due.AfterStart(AT_ONCE));
    }

    private static String revenue(Charge.Base base) {
        return switch (base) {
            case GROSS -> "all money the buyer receives for what it makes from the works";
            case NET ->
                "the money the buyer receives for what it makes from the works, less taxes, refunds and payment fees";
        };
    }

    private static void revenueShare(ClauseWriter clause, Charge.RevenueShare share) {
        clause.say(English.percent(share.share()) + " of " + revenue(share.base()) + ", "
                        + English.every(share.every())
                        + share.above()
                                .map(above -> ", for the part above " + English.amount(above))
                                .orElse("")
                        + ".")
                .duty(
                        "revenue-share",
                        Owner.BUYER,
                        "states its revenue, signed, and pays the share",
                        new Due.Every(share.every(), MONTH, false));
    }

    private static void pool(ClauseWriter clause, Charge.Pool pool) {
        String sum = pool.amount()
                .map(English::amount)
                .orElseGet(() -> English.percent(pool.share().orElseThrow()) + " of "
                        + revenue(pool.base().orElseThrow()));
        String by = switch (pool.allocation()) {
            case USE -> "by distinct works used in the period";
            case ATTRIBUTION -> "by the attribution scores of the period";
            case WORKS -> "by works in the dataset version, used or not";
        };
        clause.say("A pool of " + sum + " " + English.every(pool.every()) + ", shared among the creators " + by + ".")
                .duty(
                        "pool",
                        Owner.BUYER,
                        pool.amount().isPresent() ? "pays " + sum : "states its revenue, signed, and pays the pool",
                        new Due.Every(pool.every(), MONTH, false));
    }

    private static void bound(ClauseWriter clause, Compensation.Bound bound) {
        String time = bound.every().map(English::every).orElse("over the whole contract");
        Due due = bound.every()
                .<Due>map(every -> new Due.Every(every, AT_ONCE, true))
                .orElseGet(() -> new Due.AfterStart(AT_ONCE));
        switch (bound) {
            case Compensation.Floor floor ->
                clause.say("At least " + English.amount(floor.amount()) + " is due " + time
                                + "; what is missing is paid at the end of that time.")
                        .duty(
                                "floor",
                                Owner.BUYER,
                                "makes up what is missing to " + English.amount(floor.amount()),
                                floor.every()
                                        .<Due>map(every -> new Due.Every(every, MONTH, false))
                                        .orElseGet(() -> new Due.AfterEnd(MONTH)));
            case Compensation.Cap cap ->
                clause.say("At most " + English.amount(cap.amount()) + " is due " + time + ".");
            case Compensation.MinimumGuarantee guarantee ->
                clause.say("A minimum of " + English.amount(guarantee.amount()) + " is guaranteed " + time
                                + ": it is paid at the beginning and never returned, and what falls due is set off"
                                + " against it.")
                        .duty(
                                "minimum-guarantee",
                                Owner.BUYER,
                                "pays the minimum of " + English.amount(guarantee.amount()),
                                due);
        }
    }

    private static Clause splits(PayTerm.Splits splits) {
        List<String> shares = new ArrayList<>();
        for (ContractPayout.Split split : splits.shares()) {
            boolean creators = split.recipient().equals(ContractPayout.CREATORS);
            shares.add(English.percent(split.share()) + " to "
                    + (creators ? "the creator of each work, for that work" : split.recipient()));
        }
        return new ClauseWriter("splits", "Who is paid", splits)
                .say("What the buyer pays is shared so: " + English.and(shares) + ".")
                .keptBy(Enforcer.RATING, "gives each payee exactly this share")
                .keptBy(Enforcer.LEDGER, "moves the whole of every amount, to the last unit")
                .done();
    }

    private static Clause payout(PayTerm.Payout payout) {
        Period every = switch (payout.schedule()) {
            case WEEKLY -> Period.ofDays(7);
            case MONTHLY -> Period.ofMonths(1);
            case QUARTERLY -> Period.ofMonths(3);
        };
        return new ClauseWriter("payout", "Accounts and payment", payout)
                .say("Accounts are closed " + English.every(every)
                        + ". Each payee receives a signed statement that names the receipts behind every line.")
                .sayIf(payout.window()
                        .map(window -> "A payee may dispute a statement within " + English.period(window)
                                + ", and money moves after that."))
                .say("What becomes known after a close is not lost: it is a line of the next statement that names"
                        + " the one it corrects.")
                .keptBy(Enforcer.SETTLEMENT, "closes each period once, with the same result whoever computes it")
                .duty(
                        "close",
                        Owner.PLATFORM,
                        "closes the accounts and hands out the statements",
                        new Due.Every(every, Period.ofDays(10), false))
                .done();
    }
}
