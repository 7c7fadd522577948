package org.tallystick.protocol.pricing;

import java.util.Optional;

/** How a paper (statement or invoice) writes its exact amounts; also the version in the paper's type. */
public enum Notation {
    /** Version 1, which papers up to release 0.1.0 use: fractions in lowest terms, which are read but not written any more. */
    FRACTIONS(1) {
        @Override
        public Fraction zero() {
            return Fraction.ZERO;
        }

        @Override
        public Fraction parse(String text, String where) {
            return Fraction.parse(text, where);
        }

        @Override
        public Fraction worth(Worth worth) {
            return Fraction.worth(worth);
        }

        @Override
        public Fraction of(Exact exact) {
            return Fraction.of(exact);
        }
    },
    /** Version 2: plain decimals of at most 48 places. */
    DECIMALS(2) {
        @Override
        public Exact zero() {
            return Exact.ZERO;
        }

        @Override
        public Exact parse(String text, String where) {
            return Exact.parse(text, where);
        }

        @Override
        public Exact worth(Worth worth) {
            return worth.exact();
        }

        @Override
        public Exact of(Exact exact) {
            return exact;
        }
    };

    private final int version;

    Notation(int version) {
        this.version = version;
    }

    /** The number in the types of papers, for example in {@code tallystick-statement/v2}. */
    public int version() {
        return version;
    }

    /** The notation of a version, if there is such a version. */
    public static Optional<Notation> ofVersion(long version) {
        for (Notation notation : values()) {
            if (notation.version == version) {
                return Optional.of(notation);
            }
        }
        return Optional.empty();
    }

    /** Whether an amount is of the kind this notation writes. */
    public boolean writes(StatedAmount amount) {
        return (amount instanceof Exact) == (this == DECIMALS);
    }

    /** Nothing. */
    public abstract StatedAmount zero();

    /**
     * Reads the one text of an amount.
     *
     * @param where names the place in messages
     * @throws org.tallystick.protocol.codec.MalformedException {@code statement/exact}
     */
    public abstract StatedAmount parse(String text, String where);

    /** What the factors of a line come to. */
    public abstract StatedAmount worth(Worth worth);

    /** The same amount in this notation. */
    public abstract StatedAmount of(Exact exact);
}
