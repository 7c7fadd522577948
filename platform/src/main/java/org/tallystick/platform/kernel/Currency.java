package org.tallystick.platform.kernel;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.tallystick.protocol.codec.Currencies;

/**
 * An ISO 4217 currency of the one list that contracts have too ({@link Currencies}).
 *
 * @param code three capital letters
 * @param minorDigits decimal digits of the minor unit, 0 to 6
 */
public record Currency(String code, int minorDigits) implements Comparable<Currency> {
    private static final ConcurrentMap<String, Currency> KNOWN = new ConcurrentHashMap<>();

    /** Checks shape only; {@link #of} also checks that ISO 4217 knows the code. */
    public Currency {
        if (code.length() != 3 || !code.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
            throw unknown(code);
        }
        if (minorDigits < 0 || minorDigits > Money.DIGITS) {
            throw new IllegalArgumentException("minor digits out of range: " + minorDigits);
        }
    }

    /** @throws RefusedException {@code money/unknown-currency} */
    public static Currency of(String code) {
        Currency known = KNOWN.get(code);
        return known != null ? known : lookUp(code);
    }

    private static Currency lookUp(String code) {
        Currency currency = Currencies.find(code)
                .map(known -> new Currency(code, known.minorDigits()))
                .orElseThrow(() -> unknown(code));
        KNOWN.putIfAbsent(code, currency);
        return currency;
    }

    private static RefusedException unknown(String code) {
        String shown = code.length() > 16 ? code.substring(0, 16) + "…" : code;
        return Problem.invalid(
                        "money/unknown-currency",
                        "Unknown currency",
                        "'" + shown + "' is not an ISO 4217 currency with minor units")
                .asException();
    }

    @Override
    public int compareTo(Currency other) {
        return code.compareTo(other.code);
    }

    @Override
    public String toString() {
        return code;
    }
}
