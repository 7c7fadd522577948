package org.tallystick.protocol.terms;

/** A number of used units together with what the unit is; 0 or more. */
public sealed interface Quantity {
    long count();

    /** Distinct works used within a job. */
    record Samples(long count) implements Quantity {
        public Samples {
            Bounds.within(count, 0, Long.MAX_VALUE, "quantity", "samples");
        }
    }

    /** Tokens a model gave out. */
    record Tokens(long count) implements Quantity {
        public Tokens {
            Bounds.within(count, 0, Long.MAX_VALUE, "quantity", "tokens");
        }
    }

    /** Answers of a model to which a work contributed enough. */
    record Inferences(long count) implements Quantity {
        public Inferences {
            Bounds.within(count, 0, Long.MAX_VALUE, "quantity", "inferences");
        }
    }
}
