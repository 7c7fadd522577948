package org.tallystick.protocol.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.tallystick.protocol.codec.Json;

/** Changes JSON at one place, for tables and fuzzing. */
public final class Changed {
    private Changed() {}

    /**
     * A copy with the value at a dotted path replaced.
     *
     * @param path like {@code payout.split[0].share}
     * @param value JSON text, or {@code -} to remove the member
     */
    public static Json.Obj at(Json.Obj object, String path, String value) {
        return (Json.Obj) at(object, List.of(path.replace("[", ".[").split("\\.")), value);
    }

    private static Json at(Json json, List<String> path, String value) {
        if (path.isEmpty()) {
            return Json.parse(value);
        }
        String step = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        if (step.startsWith("[")) {
            List<Json> items = new ArrayList<>(((Json.Arr) json).items());
            int index = Integer.parseInt(step.substring(1, step.length() - 1));
            if (index == items.size()) {
                items.add(Json.parse(value));
            } else {
                items.set(index, at(items.get(index), rest, value));
            }
            return Json.array(items);
        }
        Json.Obj object = (Json.Obj) json;
        if (rest.isEmpty() && value.equals("-")) {
            return object.without(step);
        }
        return object.with(step, at(object.get(step).orElse(Json.NULL), rest, value));
    }

    /** A copy with one value somewhere in it replaced, removed, doubled or made strange. */
    public static Json anywhere(Json json, SplittableRandom random) {
        boolean here = random.nextInt(4) == 0;
        return switch (json) {
            case Json.Obj object
            when !here && !object.members().isEmpty() -> {
                List<String> names = List.copyOf(object.members().keySet());
                String name = names.get(random.nextInt(names.size()));
                yield switch (random.nextInt(6)) {
                    case 0 -> object.without(name);
                    case 1 -> object.with(name + "X", strange(random));
                    default -> object.with(name, anywhere(object.get(name).orElseThrow(), random));
                };
            }
            case Json.Arr array
            when !here && !array.items().isEmpty() -> {
                List<Json> items = new ArrayList<>(array.items());
                int index = random.nextInt(items.size());
                switch (random.nextInt(6)) {
                    case 0 -> items.remove(index);
                    case 1 -> items.add(items.get(index));
                    default -> items.set(index, anywhere(items.get(index), random));
                }
                yield Json.array(items);
            }
            default -> strange(random);
        };
    }

    private static Json strange(SplittableRandom random) {
        List<String> values = List.of(
                "null",
                "true",
                "0",
                "-1",
                "1",
                "0.5",
                "1e-13",
                "1e300",
                "-0.005",
                "123456789012345678",
                "\"\"",
                "\"x\"",
                "\"0x\"",
                "\"P1Y\"",
                "\"P-1Y\"",
                "\"\\u0000\"",
                "\"creators\"",
                "\"training\"",
                "[]",
                "[[]]",
                "{}",
                "{\"a\":1}",
                "\"2999-01-01T00:00:00Z\"",
                "\"" + "y".repeat(300) + "\"");
        return Json.parse(values.get(random.nextInt(values.size())));
    }
}
