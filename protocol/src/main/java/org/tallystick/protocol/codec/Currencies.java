package org.tallystick.protocol.codec;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The one list of currencies: ISO 4217, list one as of 1 January 2026, without metals, funds and test codes, which nobody can
 * be paid in. It stands here and is not taken from the JDK, because a contract must mean the same when another version of the
 * JDK reads it years later. A currency that ended stays in the list with its day, because contracts in it were signed.
 */
public final class Currencies {
    private static final Map<String, Currency> ALL = all();

    private Currencies() {}

    /**
     * One currency.
     *
     * @param code three capital letters
     * @param minorDigits decimal digits of its minor unit, 0 to 3
     * @param from first day on which it could be agreed; empty where that is long ago
     * @param until first day on which another had taken its place; empty where none has
     */
    public record Currency(String code, int minorDigits, Optional<LocalDate> from, Optional<LocalDate> until) {
        /** Whether a contract that is made on that day can be in this currency. */
        public boolean isCurrentOn(LocalDate day) {
            return from.map(first -> !day.isBefore(first)).orElse(true)
                    && until.map(day::isBefore).orElse(true);
        }
    }

    /** The currency with this code, current or ended. */
    public static Optional<Currency> find(String code) {
        return Optional.ofNullable(ALL.get(code));
    }

    /** Whether the code is or was a currency. */
    public static boolean isKnown(String code) {
        return ALL.containsKey(code);
    }

    /** Every code, current or ended, in alphabetical order. */
    public static Iterable<String> codes() {
        return ALL.keySet();
    }

    private static Map<String, Currency> all() {
        Map<String, Currency> all = new TreeMap<>();
        put(all, 0, """
            BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF
            """);
        put(all, 3, """
            BHD IQD JOD KWD LYD OMR TND
            """);
        put(all, 2, """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
            CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
            HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
            MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB
            SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
            USD UYU UZS VES WST XCD YER ZAR ZMW
            """);
        dated(all, "ANG", "", "2025-03-31"); // XCG took its place
        dated(all, "BGN", "", "2026-01-01"); // EUR took its place
        dated(all, "VED", "2021-10-01", "");
        dated(all, "XCG", "2025-03-31", "");
        dated(all, "ZWG", "2024-06-25", "");
        return java.util.Collections.unmodifiableMap(all);
    }

    private static void put(Map<String, Currency> all, int minorDigits, String codes) {
        for (String code : codes.strip().split("\\s+")) {
            all.put(code, new Currency(code, minorDigits, Optional.empty(), Optional.empty()));
        }
    }

    private static void dated(Map<String, Currency> all, String code, String from, String until) {
        all.put(code, new Currency(code, 2, day(from), day(until)));
    }

    private static Optional<LocalDate> day(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(text));
    }
}
