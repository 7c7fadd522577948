package org.tallystick.platform.kernel;

/**
 * Names a dataset, over all its versions. Ordered as its text is.
 *
 * @param value 1 to 64 characters {@code [A-Za-z0-9:._-]}, the first a letter or digit
 */
public record DatasetId(String value) implements Comparable<DatasetId> {
    /** @throws RefusedException {@code dataset/malformed-id} */
    public DatasetId {
        IdText.check("dataset", value);
    }

    @Override
    public int compareTo(DatasetId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
