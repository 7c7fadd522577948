package org.tallystick.edge.cache;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A bounded cache in two generations: what is used while the young one fills survives, the rest goes when the old one
 * is dropped. Holds between one and two times its capacity, costs a hit nothing but the look-up, and needs no order of
 * use. Safe from any thread; two threads may compute the same missing value.
 */
public final class Generations<K, V> {
    private final int capacity;
    private volatile ConcurrentHashMap<K, V> young = new ConcurrentHashMap<>();
    private volatile ConcurrentHashMap<K, V> old = new ConcurrentHashMap<>();

    /** @param capacity entries of one generation, at least 1 */
    public Generations(int capacity) {
        this.capacity = capacity;
    }

    public Optional<V> find(K key) {
        V value = young.get(key);
        if (value != null) {
            return Optional.of(value);
        }
        value = old.get(key);
        if (value == null) {
            return Optional.empty();
        }
        put(key, value);
        return Optional.of(value);
    }

    /** The value of the key; made and kept where there is none. */
    public V of(K key, Function<? super K, ? extends V> make) {
        V value = young.get(key);
        if (value != null) {
            return value;
        }
        V kept = old.get(key);
        V made = kept == null ? make.apply(key) : kept;
        put(key, made);
        return made;
    }

    public void put(K key, V value) {
        young.put(key, value);
        if (young.size() > capacity) {
            turn();
        }
    }

    /** Entries of both generations; a key that is in both counts twice. */
    int size() {
        return young.size() + old.size();
    }

    private synchronized void turn() {
        if (young.size() > capacity) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }
}
