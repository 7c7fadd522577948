package org.tallystick.protocol.terms;

import java.time.Period;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Reads and writes the members that many terms have in common: prices, periods, lists of words and yes-or-no members.
 * Every term reads and writes them here, so that the same value has the same form everywhere in a contract.
 */
final class SharedMembers {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z][a-z]{2}");

    private SharedMembers() {}

    /**
     * Reads a price. Its member is named by a prefix and a currency, as in {@code pricePerUnitUsd}; exactly one member
     * may begin with the prefix.
     *
     * @param prefix such as {@code pricePerUnit} or {@code pricePerThousandTokens}
     * @throws MalformedException {@code contract/price-ambiguous} where several currencies are named,
     *     {@code contract/price-missing} where none is
     */
    static Pricing.Price price(Fields fields, String prefix) {
        List<String> names = fields.object().members().keySet().stream()
                .filter(name -> isPrice(name, prefix))
                .toList();
        if (names.size() > 1) {
            throw new MalformedException("contract/price-ambiguous", "several prices are named: " + names);
        }
        String name = names.isEmpty() ? prefix + "Usd" : names.getFirst();
        if (fields.object().get(name).orElse(Json.NULL) instanceof Json.Null) {
            throw new MalformedException("contract/price-missing", fields.path(name) + " is missing");
        }
        return new Pricing.Price(name.substring(prefix.length()).toUpperCase(Locale.ROOT), fields.number(name));
    }

    /** Whether a price of that prefix is there, in whatever currency. */
    static boolean hasPrice(Fields fields, String prefix) {
        return fields.object().members().keySet().stream().anyMatch(name -> isPrice(name, prefix));
    }

    /** Writes a price into the member that {@link #price(Fields, String)} reads: prefix and currency, as in {@code Usd}. */
    static void price(Json.Builder out, String prefix, Pricing.Price price) {
        String currency = price.currency();
        out.put(prefix + currency.charAt(0) + currency.substring(1).toLowerCase(Locale.ROOT), Json.of(price.amount()));
    }

    /**
     * Reads an ISO 8601 period of years, months, weeks and days.
     *
     * @throws MalformedException {@code contract/period} where it is not positive or longer than 100 years
     */
    static Period period(Fields fields, String member) {
        return ContractLicense.period(fields.text(member), "contract/period", fields.path(member));
    }

    /**
     * Reads an array of words, each the word of one constant of an enumeration. The result is empty where the array is
     * absent.
     *
     * @param clause names the clause in the reason of an error
     * @throws MalformedException {@code contract/<clause>} for an unknown word and for a word that stands twice
     */
    static <W extends Enum<W> & Worded> Set<W> words(Class<W> type, Fields fields, String member, String clause) {
        Set<W> all = EnumSet.noneOf(type);
        for (String word : fields.strings(member)) {
            if (!all.add(Worded.of(type, word, clause, fields.path(member)))) {
                throw Bounds.fault(clause, fields.path(member), Fields.shown(word) + " stands twice");
            }
        }
        return all;
    }

    /** Writes words in the order in which the enumeration declares them, so that equal sets give equal bytes. */
    static <W extends Enum<W> & Worded> Json words(Collection<W> words) {
        return Json.strings(words.stream().sorted().map(Worded::word).toList());
    }

    /**
     * Reads a required {@code true} or {@code false}.
     *
     * @throws MalformedException {@code json/missing-member} where it is absent
     */
    static boolean flag(Fields fields, String member) {
        return fields.optionalBool(member)
                .orElseThrow(() -> new MalformedException("json/missing-member", fields.path(member) + " is missing"));
    }

    private static boolean isPrice(String name, String prefix) {
        return name.startsWith(prefix)
                && CURRENCY.matcher(name.substring(prefix.length())).matches();
    }
}
