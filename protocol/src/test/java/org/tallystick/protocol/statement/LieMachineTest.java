package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.sign.RememberingVerifier;

/**
 * Makes lies by the thousand about every kind of paper, seeded: any member of a file dropped, doubled, swapped, made strange
 * or carried over from another file; any member of a paper changed, what depends on it computed anew, and the paper put into
 * the platform's own log; all of it signed again with the platform's key. So many as {@code -Dtallystick.lies} says.
 */
class LieMachineTest {
    private static final int LIES = Integer.getInteger("tallystick.lies", 3_000);

    private static final System.Logger REPORT = System.getLogger("lies");

    /**
     * Only the log shows this: members about which a platform may lie where its own log agrees, by kind of paper. No amount is
     * among them but how much of a charge escrow covered. docs/TRUST.md has the same table in words.
     */
    private static final Set<String> OF_EVERY_PAPER = Set.of("from", "period", "position", "to");

    private static final Map<String, Set<String>> ONLY_THE_LOG_SHOWS = Map.of(
            "statement", Set.of("statement", "lines.corrects", "lines.kind"),
            "invoice", Set.of("invoice", "lines.used_in", "lines.kind", "from_escrow", "due"));

    /** What may stand in a file twice or too much without saying anything else: of batches a second receipt of a work. */
    private static final Set<String> HARMLESS =
            Set.of("evidence.batches", "evidence.certificates", "evidence.versions");

    private final PaperVerifier verifier =
            new PaperVerifier(AnchoredFixture.PLATFORM.key(), new RememberingVerifier(Deliveries.VERIFIER));
    private final List<LieCase> cases = LieCase.all();
    private final List<Json> scraps = new ArrayList<>();

    /** Lies that verified and that the table does not have. */
    private final List<String> believed = new ArrayList<>();

    /** How the lies of one kind went. */
    private static final class Count {
        int made;
        int refused;
        int harmless;
        int onlyTheLog;
        final Set<String> members = new TreeSet<>();

        @Override
        public String toString() {
            return made + " lies: " + refused + " refused, " + harmless + " say nothing else, " + onlyTheLog
                    + " only the log shows " + members;
        }
    }

    LieMachineTest() {
        cases.forEach(one -> gather(one.honest().json()));
        for (String word : List.of("adjustment", "withdrawal", "usage", "recipient", "creator-2", "2025-12")) {
            scraps.add(Json.of(word));
        }
    }

    /** Every value of a paper, to be put where it does not belong. */
    private void gather(Json json) {
        switch (json) {
            case Json.Obj object -> object.members().values().forEach(this::gather);
            case Json.Arr array -> array.items().forEach(this::gather);
            default -> scraps.add(json);
        }
    }

    @Test
    void everyHonestPaperVerifies() {
        for (LieCase one : cases) {
            assertThat(verifier.verify(one.lied(one.honest())).paper().json())
                    .as(one.kind())
                    .isEqualTo(one.honest().json());
            assertThat(one.isAnotherHistory()).isFalse();
        }
    }

    @Test
    void noLieVerifiesThatTheLogDoesNotShow() {
        Map<String, Count> counts = new TreeMap<>();
        SplittableRandom random = new SplittableRandom(20_261_201);
        for (int lie = 0; lie < LIES; lie++) {
            LieCase one = cases.get(lie % cases.size());
            Count count = counts.computeIfAbsent(one.kind(), kind -> new Count());
            if (random.nextInt(3) == 0) {
                aboutTheFile(one, count, random);
            } else {
                aboutThePaper(one, count, random);
            }
        }
        counts.forEach((kind, count) -> REPORT.log(System.Logger.Level.INFO, kind + ": " + count));
        assertThat(believed).isEmpty();
        assertThat(counts.values())
                .allSatisfy(count -> assertThat(count.refused).isGreaterThan(count.made / 2));
    }

    /** The log is left alone and commits to the paper, so the file verifies with that paper or not at all. */
    private void aboutTheFile(LieCase one, Count count, SplittableRandom random) {
        Json.Obj honest = one.honestFile();
        Json.Obj changed = random.nextInt(4) == 0
                ? carriedOver(honest, cases.get(random.nextInt(cases.size())).honestFile(), random)
                : object(Changed.anywhere(honest, random), honest);
        if (changed.without("signature").equals(honest.without("signature"))) {
            return;
        }
        count.made++;
        Optional<Paper> accepted = accepted(() -> signed(changed));
        if (accepted.isEmpty()) {
            count.refused++;
            return;
        }
        assertThat(accepted.get().json()).as(one.kind()).isEqualTo(one.honest().json());
        assertThat(HARMLESS).as(one.kind()).contains(member(honest, changed));
        count.harmless++;
    }

    private static Json.Obj object(Json changed, Json.Obj otherwise) {
        return changed instanceof Json.Obj made ? made : otherwise;
    }

    private static Json.Obj carriedOver(Json.Obj honest, Json.Obj other, SplittableRandom random) {
        String part = random.nextBoolean() ? "evidence" : paper(honest);
        Json.Obj from = (Json.Obj)
                other.get(part.equals("evidence") ? part : paper(other)).orElseThrow();
        Json.Obj into = (Json.Obj) honest.get(part).orElseThrow();
        List<String> names = new ArrayList<>(from.members().keySet());
        String name = names.get(random.nextInt(names.size()));
        return honest.with(part, into.with(name, from.get(name).orElseThrow()));
    }

    private static String paper(Json.Obj file) {
        return file.get("invoice").isPresent() ? "invoice" : "statement";
    }

    static byte[] signed(Json.Obj changed) {
        Json.Obj unsigned = changed.without("signature");
        String type = unsigned.get("type").map(Json::toString).orElse("\"\"");
        byte[] domain = (type.replace("\"", "") + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] hash = Sha256.hash(Jcs.bytes(unsigned)).toBytes();
        byte[] message = Arrays.copyOf(domain, domain.length + hash.length);
        System.arraycopy(hash, 0, message, domain.length, hash.length);
        return Jcs.bytes(unsigned.with(
                "signature",
                Json.of(Base64Url.encode(AnchoredFixture.PLATFORM.signer().sign(message)))));
    }

    /** The paper of a file that verifies; empty where it is refused with a reason, or cannot even be written. */
    private Optional<Paper> accepted(Supplier<byte[]> file) {
        try {
            return Optional.of(verifier.verify(file.get()).paper());
        } catch (MalformedException refused) {
            assertThat(refused.reason()).isNotBlank();
            return Optional.empty();
        }
    }

    /** The first member that differs, two levels deep. */
    private static String member(Json.Obj honest, Json.Obj changed) {
        for (String part : honest.members().keySet()) {
            if (honest.get(part).equals(changed.get(part))) {
                continue;
            }
            if (honest.get(part).orElseThrow() instanceof Json.Obj one
                    && changed.get(part).orElse(one) instanceof Json.Obj other) {
                for (String name : one.members().keySet()) {
                    if (!one.get(name).equals(other.get(name))) {
                        return part + "." + name;
                    }
                }
            }
            return part;
        }
        return "another";
    }

    /** A platform puts the lie into its log too. What it then says of money is still borne out by receipts and contract. */
    private void aboutThePaper(LieCase one, Count count, SplittableRandom random) {
        Json.Obj honest = one.honest().json();
        Json changed = honest;
        for (int i = random.nextInt(3); i >= 0; i--) {
            changed = random.nextBoolean() ? Changed.anywhere(changed, random) : swapped(changed, random);
        }
        count.made++;
        Json.Obj consistent = Consistent.of(object(changed, honest), random.nextInt(4) > 0);
        Optional<Paper> lie = written(consistent);
        if (lie.isEmpty()
                || lie.get().position() > AnchoredFixture.FIRST_CLOSE
                || lie.get().json().equals(honest)) {
            count.refused++;
            return;
        }
        Optional<Paper> accepted = accepted(() -> one.lied(lie.get()));
        if (accepted.isEmpty()) {
            count.refused++;
            return;
        }
        Set<String> differing = differing(honest, accepted.get().json());
        Set<String> allowed = new TreeSet<>(OF_EVERY_PAPER);
        allowed.addAll(ONLY_THE_LOG_SHOWS.getOrDefault(one.honest().noun(), Set.of()));
        if (isOfAStranger(one.honest(), accepted.get())) {
            count.onlyTheLog++;
            return;
        }
        if (!allowed.containsAll(differing) || !posted(accepted.get()).equals(posted(one.honest()))) {
            believed.add(one.kind() + " " + differing + ": " + accepted.get().json());
        }
        assertThat(one.isAnotherHistory()).as("verify --log refuses it").isTrue();
        count.onlyTheLog++;
        count.members.addAll(differing);
    }

    /** A true statement that somebody whom the contract does not pay has earned nothing: that nobody asked for it the log shows. */
    private static boolean isOfAStranger(Paper honest, Paper accepted) {
        return honest instanceof Statement own
                && accepted instanceof Statement other
                && !own.party().equals(other.party())
                && other.lines().isEmpty()
                && posted(other).signum() == 0;
    }

    private static BigInteger posted(Paper paper) {
        return paper.contracts().stream().map(Statement.ContractTotal::posted).reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** A value in the place of another of the same kind of JSON. */
    private Json swapped(Json json, SplittableRandom random) {
        return switch (json) {
            case Json.Obj object
            when !object.members().isEmpty() -> {
                List<String> names = List.copyOf(object.members().keySet());
                String name = names.get(random.nextInt(names.size()));
                yield object.with(name, swapped(object.get(name).orElseThrow(), random));
            }
            case Json.Arr array
            when !array.items().isEmpty() -> {
                List<Json> items = new ArrayList<>(array.items());
                int at = random.nextInt(items.size());
                items.set(at, swapped(items.get(at), random));
                yield Json.array(items);
            }
            default -> scraps.get(random.nextInt(scraps.size()));
        };
    }

    private static Optional<Paper> written(Json.Obj json) {
        try {
            return Optional.of(json.get("invoice").isPresent() ? Invoice.of(json) : Statement.of(json));
        } catch (MalformedException refused) {
            return Optional.empty();
        }
    }

    /** Members that differ; those of lines are named after them. */
    private static Set<String> differing(Json.Obj honest, Json.Obj other) {
        Set<String> names = new TreeSet<>(honest.members().keySet());
        names.addAll(other.members().keySet());
        names.removeIf(name -> honest.get(name).equals(other.get(name)));
        if (names.remove("lines")) {
            List<Json> lines = ((Json.Arr) honest.get("lines").orElseThrow()).items();
            List<Json> others = ((Json.Arr) other.get("lines").orElseThrow()).items();
            if (lines.size() != others.size()) {
                names.add("lines");
            }
            for (int i = 0; i < Math.min(lines.size(), others.size()); i++) {
                differing((Json.Obj) lines.get(i), (Json.Obj) others.get(i))
                        .forEach(name -> names.add("lines." + name));
            }
        }
        return names;
    }
}
