package org.tallystick.platform.metering;

import java.util.Objects;

/** A delivery that was taken back and the void receipt that did it. */
public record Withdrawal(Evidence delivery, Evidence taken) {
    public Withdrawal {
        Objects.requireNonNull(delivery);
        Objects.requireNonNull(taken);
    }
}
