package org.tallystick.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.protocol.codec.Json;

/**
 * One measured figure: the median of several runs, how far they lie apart, the yardstick's in the same call, and what it is
 * meant to reach.
 *
 * @param name what was measured
 * @param values one for each run, in {@code unit}
 * @param unit for example {@code receipts/s} or {@code ms}
 * @param yardstick what it is compared with, and its median in the same unit
 * @param goal where the engineering is to go; never a condition of anything
 */
record Figure(String name, List<Double> values, String unit, Optional<Yardstick> yardstick, Optional<Goal> goal) {
    Figure {
        values = values.stream().sorted().toList();
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a figure needs a run: " + name);
        }
    }

    /** A figure without a goal. */
    Figure(String name, List<Double> values, String unit, Optional<Yardstick> yardstick) {
        this(name, values, unit, yardstick, Optional.empty());
    }

    /** A well-known program that does the same work, measured in the same run. */
    record Yardstick(String name, double value) {}

    /**
     * The value to reach and the value to aim for, as text: {@code 0.9 x} is a ratio to the yardstick, {@code 10 ms} a
     * value.
     */
    record Goal(String reach, String aim) {}

    Figure towards(String reach, String aim) {
        return new Figure(name, values, unit, yardstick, Optional.of(new Goal(reach, aim)));
    }

    double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    /** Distance between the lowest and the highest run, as a share of the median. */
    double spread() {
        return median() == 0 ? 0 : (values.getLast() - values.getFirst()) / Math.abs(median());
    }

    Json.Obj json() {
        Json.Builder json = Json.object()
                .put("name", name)
                .put("value", number(median(), decimals()))
                .put("unit", unit)
                .put("runs", values.size())
                .put("spread", number(spread(), 3));
        yardstick.ifPresent(other -> json.put(
                        "yardstick",
                        Json.object()
                                .put("name", other.name())
                                .put("value", number(other.value(), decimals()))
                                .build())
                .put("ratio", number(median() / other.value(), 3)));
        goal.ifPresent(meant -> json.put("reach", meant.reach()).put("aim", meant.aim()));
        return json.build();
    }

    String text() {
        String form = "%,." + (decimals() == 1 ? 0 : 2) + "f";
        String beside = yardstick
                .map(other -> String.format(
                        Locale.ROOT,
                        "; %s " + form + ", ratio %.2f",
                        other.name(),
                        other.value(),
                        median() / other.value()))
                .orElse("; no yardstick here");
        String meant =
                goal.map(to -> "; reach " + to.reach() + ", aim " + to.aim()).orElse("");
        return String.format(
                Locale.ROOT,
                "%s " + form + " %s (%d runs, spread %.0f %%)%s%s",
                name,
                median(),
                unit,
                values.size(),
                spread() * 100,
                beside,
                meant);
    }

    /** The number of decimals shown: small values have more. */
    private int decimals() {
        return Math.abs(median()) < 100 ? 3 : 1;
    }

    private static Json.Num number(double value, int decimals) {
        return Json.of(BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN));
    }
}
