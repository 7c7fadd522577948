package org.tallystick.bench.sim;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts how often each action was done to the system, by its name. Not thread-safe. */
public final class ActionCounts {
    private final SortedMap<String, Long> counts = new TreeMap<>();

    /** Counts an action once. */
    public void add(String what) {
        add(what, 1);
    }

    /** Counts an action several times. */
    public void add(String what, long more) {
        counts.merge(what, more, Math::addExact);
    }

    /** Adds the counts of another object. */
    public void addAll(ActionCounts other) {
        other.counts.forEach(this::add);
    }

    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /** How often something was done. */
    public long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
