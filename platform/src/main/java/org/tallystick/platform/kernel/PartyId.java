package org.tallystick.platform.kernel;

/**
 * Names a creator, curator, buyer, operator or auditor. Ordered as its text is.
 *
 * @param value 1 to 64 characters {@code [A-Za-z0-9:._-]}, the first a letter or digit
 */
public record PartyId(String value) implements Comparable<PartyId> {
    /** @throws RefusedException {@code party/malformed-id} */
    public PartyId {
        IdText.check("party", value);
    }

    @Override
    public int compareTo(PartyId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
