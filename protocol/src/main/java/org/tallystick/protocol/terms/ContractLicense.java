package org.tallystick.protocol.terms;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.receipt.Region;
import org.tallystick.protocol.receipt.Scope;

/**
 * What a contract allows, where and for how long (member {@code license}).
 *
 * @param type the parties' own name for the licence
 * @param permitted uses allowed; at least one, each once
 * @param forbidden uses and acts of the buyer's customers that are forbidden by name; none of them permitted
 * @param duration how long the contract is in force from its acceptance; positive, at most 100 years
 * @param regions where deliveries may go: {@code EU}, {@code EEA} or ISO 3166-1 alpha-2 codes; empty means anywhere
 * @param minimumGrade how uses are proven at least; empty where the contract says nothing
 */
public record ContractLicense(
        String type,
        Set<Use> permitted,
        Set<String> forbidden,
        Period duration,
        List<String> regions,
        Optional<Grade> minimumGrade) {
    private static final int MAX_ITEMS = 256;
    private static final int MAX_YEARS = 100;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern PERIOD =
            Pattern.compile("P(?=[0-9])(?:[0-9]{1,3}Y)?(?:[0-9]{1,4}M)?(?:[0-9]{1,4}W)?(?:[0-9]{1,5}D)?");

    public ContractLicense {
        Objects.requireNonNull(type);
        Objects.requireNonNull(duration);
        Objects.requireNonNull(minimumGrade);
        permitted = Set.copyOf(permitted);
        forbidden = Set.copyOf(forbidden);
        regions = List.copyOf(regions);
    }

    /** The scopes of the tokens that may be issued under this licence. */
    public Set<Scope> scopes() {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        permitted.forEach(use -> use.scope().ifPresent(scopes::add));
        return Set.copyOf(scopes);
    }

    /** How uses are proven at least. */
    public Grade leastGrade() {
        return minimumGrade.orElse(Grade.RECEIPT);
    }

    /**
     * The first moment at which a contract accepted at {@code accepted} is no longer in force; calendar arithmetic in
     * UTC.
     */
    public Instant endOf(Instant accepted) {
        return accepted.atOffset(ZoneOffset.UTC).plus(duration).toInstant();
    }

    static ContractLicense read(Fields fields) {
        String type = name(fields.text("type"), "contract/license-type", fields.path("type"));
        Set<Use> permitted = permitted(fields);
        Set<String> forbidden = forbidden(fields, permitted);
        Period duration = period(fields.text("duration"), "contract/duration", fields.path("duration"));
        List<String> regions = regions(fields);
        Optional<Grade> grade = fields.optionalText("minimumGrade").map(Grade::ofWord);
        fields.noOthers();
        return new ContractLicense(type, permitted, forbidden, duration, regions, grade);
    }

    /** Reads a period in years, months, weeks and days (ISO 8601), positive and at most 100 years. */
    static Period period(String text, String reason, String where) {
        if (!PERIOD.matcher(text).matches()) {
            throw new MalformedException(
                    reason, where + " " + Fields.shown(text) + " is not an ISO 8601 period such as P1Y or P30D");
        }
        Period period = Period.parse(text);
        LocalDate end = LocalDate.EPOCH.plus(period);
        if (period.isZero() || end.isAfter(LocalDate.EPOCH.plusYears(MAX_YEARS))) {
            throw new MalformedException(
                    reason, where + " " + text + " is not between one day and " + MAX_YEARS + " years");
        }
        return period;
    }

    private static Set<Use> permitted(Fields fields) {
        fields.required("permittedUses");
        Set<Use> uses = EnumSet.noneOf(Use.class);
        for (String word : bounded(fields, "permittedUses", "contract/uses")) {
            Use use = Use.ofWord(word)
                    .orElseThrow(() -> new MalformedException(
                            "contract/use-unknown",
                            fields.path("permittedUses") + " names " + Fields.shown(word) + ", which is no known use"));
            if (!uses.add(use)) {
                throw new MalformedException(
                        "contract/use-duplicate", fields.path("permittedUses") + " permits " + use.word() + " twice");
            }
        }
        if (uses.isEmpty()) {
            throw new MalformedException("contract/uses", fields.path("permittedUses") + " permits nothing");
        }
        return uses;
    }

    private static Set<String> forbidden(Fields fields, Set<Use> permitted) {
        Set<String> words = new LinkedHashSet<>();
        for (String word : bounded(fields, "forbiddenUses", "contract/uses")) {
            name(word, "contract/use-unknown", fields.path("forbiddenUses"));
            String canonical = Use.ofWord(word).map(Use::word).orElse(word);
            if (!words.add(canonical)) {
                throw new MalformedException(
                        "contract/use-duplicate", fields.path("forbiddenUses") + " forbids " + canonical + " twice");
            }
            if (Use.ofWord(word).filter(permitted::contains).isPresent()) {
                throw new MalformedException(
                        "contract/use-contradiction", "use " + canonical + " is both permitted and forbidden");
            }
        }
        return words;
    }

    private static List<String> regions(Fields fields) {
        List<String> regions = new ArrayList<>();
        for (String region : bounded(fields, "regionRestrictions", "contract/region")) {
            if (!Region.isKnown(region)) {
                throw new MalformedException(
                        "contract/region",
                        fields.path("regionRestrictions") + " names " + Fields.shown(region)
                                + ", which is not EU, EEA or a two-letter country code");
            }
            if (regions.contains(region)) {
                throw new MalformedException(
                        "contract/region", fields.path("regionRestrictions") + " names " + region + " twice");
            }
            regions.add(region);
        }
        return regions;
    }

    private static List<String> bounded(Fields fields, String member, String reason) {
        List<String> items = fields.strings(member);
        if (items.size() > MAX_ITEMS) {
            throw new MalformedException(reason, fields.path(member) + " has more than " + MAX_ITEMS + " items");
        }
        return items;
    }

    private static String name(String text, String reason, String where) {
        if (!NAME.matcher(text).matches()) {
            throw new MalformedException(
                    reason, where + " " + Fields.shown(text) + " is not a name of lower-case words joined by hyphens");
        }
        return text;
    }
}
