package org.tallystick.platform.settlement;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Money;

/**
 * What a statement posted under one contract, and when it may be paid out: not before the time the parties have agreed on
 * for disputes is over, counted from the moment the period was closed, in UTC.
 *
 * @param posted less than nothing where something was taken back
 * @param window agreed on, if one was; without one nothing keeps the money back
 * @param from first moment at which it may be paid out
 */
public record Due(ContractId contract, Money posted, Optional<Period> window, Instant from) {
    public Due {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(posted);
        Objects.requireNonNull(window);
        Objects.requireNonNull(from);
    }

    static Due of(Contract contract, Money posted, Instant closed) {
        Optional<Period> window = contract.document().payout().window();
        Instant from =
                closed.atOffset(ZoneOffset.UTC).plus(window.orElse(Period.ZERO)).toInstant();
        return new Due(contract.id(), posted, window, from);
    }

    /** Whether it may be paid out at that moment. */
    public boolean payableAt(Instant time) {
        return !time.isBefore(from);
    }
}
