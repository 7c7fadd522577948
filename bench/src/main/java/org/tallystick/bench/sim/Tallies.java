package org.tallystick.bench.sim;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often each thing was done to the system, by its name. Not safe for several threads. */
public final class Tallies {
    private final SortedMap<String, Long> counts = new TreeMap<>();

    /** Counts it once. */
    public void add(String what) {
        add(what, 1);
    }

    /** Counts some more of it. */
    public void add(String what, long more) {
        counts.merge(what, more, Math::addExact);
    }

    /** Adds all of another's. */
    public void addAll(Tallies other) {
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
