package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Scope;

/**
 * Reads and writes a compensation of several charges in member {@code pricing}. The name of every price says its unit
 * and currency, as in {@code pricePerThousandTokensUsd}, so that a price copied to another place is refused and not
 * misread.
 */
final class CompensationForm {
    static final String MODEL = "composed";

    private static final String SAMPLE = "pricePerSample";
    private static final String TOKENS = "pricePerThousandTokens";
    private static final String INFERENCE = "pricePerInference";
    private static final String AMOUNT = "amount";

    private CompensationForm() {}

    static Compensation read(Fields fields) {
        List<Charge> charges = new ArrayList<>();
        for (Fields item : fields.objects("charges")) {
            charges.add(charge(item));
            item.noOthers();
        }
        List<Compensation.Bound> bounds = new ArrayList<>();
        if (fields.optional("bounds").isPresent()) {
            for (Fields item : fields.objects("bounds")) {
                bounds.add(bound(item));
                item.noOthers();
            }
        }
        Optional<BigDecimal> premium = fields.optionalNumber("exclusivePremium");
        String currency = fields.text("currency");
        fields.noOthers();
        Compensation compensation = new Compensation(currency, charges, bounds, premium);
        if (compensation.simple().isPresent()) {
            throw Bounds.fault("pricing-model", "model", "is composed of one price; write it as micropay or flat");
        }
        return compensation;
    }

    private static Charge charge(Fields item) {
        String kind = item.text("charge");
        return switch (kind) {
            case "samples" -> new Charge.Samples(tier(item), volume(item, SAMPLE, UnitPrice.PerSample::new));
            case "tokens" -> new Charge.Tokens(tier(item), volume(item, TOKENS, UnitPrice.PerThousandTokens::new));
            case "inferences" ->
                new Charge.Inferences(
                        volume(item, INFERENCE, UnitPrice.PerInference::new), item.number("attributionThreshold"));
            case "upfront" -> new Charge.Upfront(SharedMembers.price(item, AMOUNT));
            case "bulk" -> bulk(item);
            case "subscription" ->
                new Charge.Subscription(
                        SharedMembers.price(item, AMOUNT),
                        SharedMembers.period(item, "every"),
                        item.optionalInteger("includesSamples", 1, Long.MAX_VALUE)
                                .map(Quantity.Samples::new));
            case "credits" -> credits(item);
            case "revenue-share" ->
                new Charge.RevenueShare(
                        item.number("share"),
                        Worded.of(Charge.Base.class, item.text("of"), "revenue-share", item.path("of")),
                        above(item),
                        SharedMembers.period(item, "every"));
            case "pool" -> pool(item);
            default ->
                throw Bounds.fault("charge-unknown", item.path("charge"), Fields.shown(kind) + " is no known charge");
        };
    }

    private static Charge bulk(Fields item) {
        List<Charge.Milestone> milestones = new ArrayList<>();
        for (Fields part : item.objects("milestones")) {
            milestones.add(new Charge.Milestone(
                    part.text("name"),
                    SharedMembers.price(part, AMOUNT),
                    Worded.of(Charge.Release.class, part.text("release"), "milestones", part.path("release")),
                    SharedMembers.period(part, "within")));
            part.noOthers();
        }
        return new Charge.Bulk(milestones);
    }

    private static Charge credits(Fields item) {
        List<Charge.CreditCost> costs = new ArrayList<>();
        for (Fields cost : item.objects("costs")) {
            costs.add(new Charge.CreditCost(
                    Worded.of(Charge.Unit.class, cost.text("unit"), "credits", cost.path("unit")),
                    cost.integer("credits", 1, Long.MAX_VALUE)));
            cost.noOthers();
        }
        return new Charge.Credits(
                SharedMembers.price(item, AMOUNT),
                item.integer("credits", 1, Long.MAX_VALUE),
                costs,
                SharedMembers.period(item, "valid"));
    }

    private static Charge pool(Fields item) {
        boolean shared = item.optional("share").isPresent();
        return new Charge.Pool(
                item.optionalNumber("share"),
                item.optionalText("of").map(word -> Worded.of(Charge.Base.class, word, "pool", item.path("of"))),
                shared ? Optional.empty() : Optional.of(SharedMembers.price(item, AMOUNT)),
                SharedMembers.period(item, "every"),
                Worded.of(Charge.Allocation.class, item.text("allocation"), "pool", item.path("allocation")));
    }

    private static Optional<Pricing.Price> above(Fields item) {
        return SharedMembers.hasPrice(item, "above")
                ? Optional.of(SharedMembers.price(item, "above"))
                : Optional.empty();
    }

    private static Compensation.Bound bound(Fields item) {
        String kind = item.text("bound");
        Pricing.Price amount = SharedMembers.price(item, AMOUNT);
        Optional<Period> every = item.optional("every").map(ignored -> SharedMembers.period(item, "every"));
        return switch (kind) {
            case "floor" -> new Compensation.Floor(amount, every);
            case "cap" -> new Compensation.Cap(amount, every);
            case "minimum-guarantee" -> new Compensation.MinimumGuarantee(amount, every);
            default ->
                throw Bounds.fault(
                        "bounds", item.path("bound"), Fields.shown(kind) + " is not floor, cap or minimum-guarantee");
        };
    }

    private static Optional<Scope> tier(Fields item) {
        Optional<String> word = item.optionalText("tier");
        return word.map(text -> Set.of(Scope.values()).stream()
                .filter(scope -> scope.word().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        Bounds.fault("charge-tier", item.path("tier"), Fields.shown(text) + " is no scope of use")));
    }

    private static <P extends UnitPrice> Volume<P> volume(Fields item, String prefix, Function<Pricing.Price, P> unit) {
        P first = unit.apply(SharedMembers.price(item, prefix));
        List<Volume.Step<P>> steps = new ArrayList<>();
        if (item.optional("volume").isPresent()) {
            for (Fields step : item.objects("volume")) {
                steps.add(new Volume.Step<>(
                        step.integer("above", 1, Long.MAX_VALUE), unit.apply(SharedMembers.price(step, prefix))));
                step.noOthers();
            }
        }
        return new Volume<>(first, steps);
    }

    // ---- writing

    static Json.Obj write(Compensation compensation) {
        Json.Builder out = Json.object()
                .put("model", MODEL)
                .put("currency", compensation.currency())
                .put(
                        "charges",
                        Json.array(compensation.charges().stream()
                                .map(CompensationForm::write)
                                .toList()));
        if (!compensation.bounds().isEmpty()) {
            out.put(
                    "bounds",
                    Json.array(compensation.bounds().stream()
                            .map(CompensationForm::write)
                            .toList()));
        }
        compensation.exclusivePremium().ifPresent(premium -> out.put("exclusivePremium", Json.of(premium)));
        return out.build();
    }

    private static Json.Obj write(Compensation.Bound bound) {
        Json.Builder out = Json.object().put("bound", bound.word());
        SharedMembers.price(out, AMOUNT, bound.amount());
        bound.every().ifPresent(every -> out.put("every", every.toString()));
        return out.build();
    }

    private static Json.Obj write(Charge charge) {
        Json.Builder out = Json.object().put("charge", charge.word());
        switch (charge) {
            case Charge.Samples samples -> {
                samples.tier().ifPresent(tier -> out.put("tier", tier.word()));
                volume(out, SAMPLE, samples.price());
            }
            case Charge.Tokens tokens -> {
                tokens.tier().ifPresent(tier -> out.put("tier", tier.word()));
                volume(out, TOKENS, tokens.price());
            }
            case Charge.Inferences inferences -> {
                volume(out, INFERENCE, inferences.price());
                out.put("attributionThreshold", Json.of(inferences.threshold()));
            }
            case Charge.Upfront upfront -> SharedMembers.price(out, AMOUNT, upfront.amount());
            case Charge.Bulk bulk ->
                out.put(
                        "milestones",
                        Json.array(bulk.milestones().stream()
                                .map(CompensationForm::write)
                                .toList()));
            case Charge.Subscription subscription -> {
                SharedMembers.price(out, AMOUNT, subscription.amount());
                out.put("every", subscription.every().toString());
                subscription.includes().ifPresent(samples -> out.put("includesSamples", samples.count()));
            }
            case Charge.Credits credits -> {
                SharedMembers.price(out, AMOUNT, credits.pack());
                out.put("credits", credits.credits());
                out.put(
                        "costs",
                        Json.array(credits.costs().stream()
                                .map(CompensationForm::write)
                                .toList()));
                out.put("valid", credits.valid().toString());
            }
            case Charge.RevenueShare share -> {
                out.put("share", Json.of(share.share())).put("of", share.base().word());
                share.above().ifPresent(above -> SharedMembers.price(out, "above", above));
                out.put("every", share.every().toString());
            }
            case Charge.Pool pool -> {
                pool.share().ifPresent(share -> out.put("share", Json.of(share)));
                pool.base().ifPresent(base -> out.put("of", base.word()));
                pool.amount().ifPresent(amount -> SharedMembers.price(out, AMOUNT, amount));
                out.put("every", pool.every().toString())
                        .put("allocation", pool.allocation().word());
            }
        }
        return out.build();
    }

    private static Json.Obj write(Charge.Milestone milestone) {
        Json.Builder out = Json.object().put("name", milestone.name());
        SharedMembers.price(out, AMOUNT, milestone.amount());
        return out.put("release", milestone.release().word())
                .put("within", milestone.within().toString())
                .build();
    }

    private static Json.Obj write(Charge.CreditCost cost) {
        return Json.object()
                .put("unit", cost.unit().word())
                .put("credits", cost.credits())
                .build();
    }

    private static <P extends UnitPrice> void volume(Json.Builder out, String prefix, Volume<P> volume) {
        SharedMembers.price(out, prefix, volume.first().price());
        if (!volume.steps().isEmpty()) {
            List<Json.Obj> steps = new ArrayList<>();
            for (Volume.Step<P> step : volume.steps()) {
                Json.Builder one = Json.object().put("above", step.above());
                SharedMembers.price(one, prefix, step.price().price());
                steps.add(one.build());
            }
            out.put("volume", Json.array(steps));
        }
    }
}
