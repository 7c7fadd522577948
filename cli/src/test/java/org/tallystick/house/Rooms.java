package org.tallystick.house;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The allowed directions. A room may use what stands beside it and whatever those may use; nothing else. The whole of it
 * is a list in which every name is declared before it is used, so that it cannot hold a cycle.
 */
final class Rooms {
    private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

    static {
        allow("kernel");
        allow("db", "kernel");
        allow("log", "db");
        allow("party", "log");
        allow("catalog", "party");
        allow("ingest", "catalog");
        allow("contract", "catalog");
        allow("delivery", "contract");
        allow("metering", "delivery");
        allow("rating", "kernel");
        allow("ledger", "db");
        allow("settlement", "rating", "metering", "ledger");
        allow("payout", "settlement");
        allow("gate", "contract", "ingest");
        allow("audit", "payout", "gate");
        allow("api", "audit");
        allow("app", "api");
    }

    private Rooms() {}

    private static void allow(String room, String... others) {
        for (String other : others) {
            if (!MAY_USE.containsKey(other)) {
                throw new IllegalStateException(room + " names " + other + ", which is not declared above it");
            }
        }
        MAY_USE.put(room, List.of(others));
    }

    static boolean isKnown(String room) {
        return MAY_USE.containsKey(room);
    }

    static Set<String> all() {
        return MAY_USE.keySet();
    }

    /** Everything a room may use, near and far. */
    static Set<String> allowed(String room) {
        Set<String> all = new TreeSet<>();
        for (String other : Objects.requireNonNull(MAY_USE.get(room))) {
            all.add(other);
            all.addAll(allowed(other));
        }
        return all;
    }
}
