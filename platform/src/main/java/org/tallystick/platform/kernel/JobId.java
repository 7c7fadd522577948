package org.tallystick.platform.kernel;

/**
 * Names a job: one use a buyer makes under a contract. Ordered as its text is.
 *
 * @param value 1 to 64 characters {@code [A-Za-z0-9:._-]}, the first a letter or digit
 */
public record JobId(String value) implements Comparable<JobId> {
    /** @throws RefusedException {@code job/malformed-id} */
    public JobId {
        IdText.check("job", value);
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
