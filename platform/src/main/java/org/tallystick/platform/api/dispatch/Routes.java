package org.tallystick.platform.api.dispatch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which action carries out which operation of {@link Policy}: each exactly one, or the server does not start. */
public final class Routes {
    private final Map<String, Action> actions = new LinkedHashMap<>();

    public Routes bind(String operation, Action action) {
        if (!Policy.endpoints().containsKey(operation)) {
            throw new IllegalArgumentException("the policy knows no operation " + operation);
        }
        if (actions.put(operation, action) != null) {
            throw new IllegalArgumentException("two actions for " + operation);
        }
        return this;
    }

    /** All actions by operation. */
    public Map<String, Action> complete() {
        Set<String> missing = new TreeSet<>(Policy.endpoints().keySet());
        missing.removeAll(actions.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalStateException("no action for " + missing);
        }
        return Collections.unmodifiableMap(actions);
    }
}
