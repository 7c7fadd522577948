package org.tallystick.platform.kernel;

/**
 * Names a contract. Ordered as its text is.
 *
 * @param value 1 to 64 characters {@code [A-Za-z0-9:._-]}, the first a letter or digit
 */
public record ContractId(String value) implements Comparable<ContractId> {
    /** @throws RefusedException {@code contract/malformed-id} */
    public ContractId {
        IdText.check("contract", value);
    }

    @Override
    public int compareTo(ContractId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
