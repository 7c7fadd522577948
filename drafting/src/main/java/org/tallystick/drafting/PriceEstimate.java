package org.tallystick.drafting;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.codec.Json;

/**
 * What one way of pricing might bring.
 *
 * @param model its name
 * @param unit what low and high are for
 * @param currency of every amount of the estimate; dollars where it rests on what is usual and not on the creator's numbers
 * @param low lower end of the range, in the currency's major unit, or a part of 1 where the unit is a share
 * @param high upper end
 * @param template the template that makes such a contract
 * @param reasons where the numbers come from
 * @param series what has come in by the end of each month
 */
public record PriceEstimate(
        String model,
        String unit,
        String currency,
        BigDecimal low,
        BigDecimal high,
        String template,
        List<String> reasons,
        List<Point> series) {
    /** What has come in by the end of a month, from 1. */
    public record Point(int month, BigDecimal low, BigDecimal high) {
        public Point {
            Objects.requireNonNull(low);
            Objects.requireNonNull(high);
        }
    }

    public PriceEstimate {
        Objects.requireNonNull(model);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(currency);
        Objects.requireNonNull(template);
        reasons = List.copyOf(reasons);
        series = List.copyOf(series);
        if (low.compareTo(high) > 0) {
            throw new IllegalArgumentException("the range of " + model + " is upside down");
        }
    }

    /** For a chart: months and the two ends, beside the range and its reasons. */
    public Json.Obj json() {
        return Json.object()
                .put("model", model)
                .put("unit", unit)
                .put("currency", currency)
                .put("low", low.toPlainString())
                .put("high", high.toPlainString())
                .put("template", template)
                .put("reasons", Json.strings(reasons))
                .put(
                        "series",
                        Json.array(series.stream()
                                .map(point -> Json.object()
                                        .put("month", point.month())
                                        .put("low", point.low().toPlainString())
                                        .put("high", point.high().toPlainString())
                                        .build())
                                .toList()))
                .build();
    }
}
