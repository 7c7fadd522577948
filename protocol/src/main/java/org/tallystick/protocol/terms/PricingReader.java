package org.tallystick.protocol.terms;

import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Reads member {@code pricing} of a contract: one of the two simple models, or a compensation of several charges. Model
 * and unit must fit, and exactly one price must be named.
 */
final class PricingReader {
    private static final String PRICE = "pricePerUnit";
    private static final String PER_CONTRACT = "contract";

    private PricingReader() {}

    static Compensation read(Fields fields) {
        String model = fields.text("model");
        return model.equals(CompensationForm.MODEL)
                ? CompensationForm.read(fields)
                : Compensation.of(simple(fields, model));
    }

    private static Pricing simple(Fields fields, String model) {
        String unit = fields.text("unit");
        Pricing.Price price = SharedMembers.price(fields, PRICE);
        fields.noOthers();
        return switch (model) {
            case "micropay" -> {
                checkUnit(model, unit, Pricing.Unit.SAMPLE.word());
                yield new Pricing.Micropay(Pricing.Unit.SAMPLE, price);
            }
            case "flat" -> {
                checkUnit(model, unit, PER_CONTRACT);
                yield new Pricing.Flat(price);
            }
            default ->
                throw new MalformedException(
                        "contract/pricing-model",
                        fields.path("model") + " " + Fields.shown(model) + " is not micropay, flat or composed");
        };
    }

    private static void checkUnit(String model, String unit, String expected) {
        if (!unit.equals(expected)) {
            throw new MalformedException(
                    "contract/unit-unknown",
                    "model " + model + " is priced per " + expected + ", not per " + Fields.shown(unit));
        }
    }
}
