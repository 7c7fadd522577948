package org.tallystick.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.protocol.Json;

/**
 * One measured figure: the median of several runs, how far they lie apart, and the yardstick's in the same call.
 *
 * @param name what was measured
 * @param values one for each run, in {@code unit}
 * @param unit for example {@code receipts/s}; more is better
 * @param yardstick what it is compared with, and its median in the same unit
 */
record Figure(String name, List<Double> values, String unit, Optional<Yardstick> yardstick) {
    Figure {
        values = values.stream().sorted().toList();
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a figure needs a run: " + name);
        }
    }

    /** Something everybody has, measured beside it. */
    record Yardstick(String name, double value) {}

    double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    /** Distance between the slowest and the fastest run, as a share of the median. */
    double spread() {
        return (values.getLast() - values.getFirst()) / median();
    }

    Json.Obj json() {
        Json.Builder json = Json.object()
                .put("name", name)
                .put("value", number(median(), 1))
                .put("unit", unit)
                .put("runs", values.size())
                .put("spread", number(spread(), 3));
        yardstick.ifPresent(other -> json.put(
                        "yardstick",
                        Json.object()
                                .put("name", other.name())
                                .put("value", number(other.value(), 1))
                                .build())
                .put("ratio", number(median() / other.value(), 3)));
        return json.build();
    }

    String text() {
        String beside = yardstick
                .map(other -> String.format(
                        Locale.ROOT, "; %s %,.0f, ratio %.2f", other.name(), other.value(), median() / other.value()))
                .orElse("; no yardstick here");
        return String.format(
                Locale.ROOT,
                "%s %,.0f %s (%d runs, spread %.0f %%)%s",
                name,
                median(),
                unit,
                values.size(),
                spread() * 100,
                beside);
    }

    private static Json.Num number(double value, int decimals) {
        return Json.of(BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN));
    }
}
