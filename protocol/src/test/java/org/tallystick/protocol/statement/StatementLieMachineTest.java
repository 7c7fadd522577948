package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * Makes lies by the thousand, seeded: any member of a statement file dropped, doubled, swapped, made strange or carried over
 * from another file, and all of it signed again with the platform's own key. So many as {@code -Dtallystick.lies} says.
 */
class StatementLieMachineTest extends AnchoredFixture {
    private static final int LIES = Integer.getInteger("tallystick.lies", 2_000);

    private final PaperVerifier machine =
            new PaperVerifier(PLATFORM.key(), new RememberingVerifier(Deliveries.VERIFIER));

    private static byte[] signed(Json.Obj changed) {
        Json.Obj unsigned = changed.without("signature");
        byte[] domain = "tallystick-statement-file/v2\n".getBytes(StandardCharsets.US_ASCII);
        byte[] hash = Sha256.hash(Jcs.bytes(unsigned)).toBytes();
        byte[] message = Arrays.copyOf(domain, domain.length + hash.length);
        System.arraycopy(hash, 0, message, domain.length, hash.length);
        return Jcs.bytes(unsigned.with(
                "signature", Json.of(Base64Url.encode(PLATFORM.signer().sign(message)))));
    }

    /** The statement of a file that verifies; empty where it is refused with a reason, or cannot even be written. */
    private Optional<Statement> accepted(Supplier<byte[]> file) {
        try {
            return Optional.of(machine.verify(file.get()).statement());
        } catch (MalformedException refused) {
            assertThat(refused.reason()).isNotBlank();
            return Optional.empty();
        }
    }

    /** The log commits to the statement, so a file whose log is left alone verifies with that statement or not at all. */
    @Test
    void noChangeOfAFileMakesItSayAnythingElse() {
        List<Json.Obj> files = List.of((Json.Obj) Json.parse(firstFile()), (Json.Obj) Json.parse(secondFile(second())));
        List<Statement> said = List.of(first(), second());
        SplittableRandom random = new SplittableRandom(9);
        TreeMap<String, Integer> harmless = new TreeMap<>();
        int refused = 0;
        for (int lie = 0; lie < LIES; lie++) {
            int which = random.nextInt(files.size());
            Json.Obj honest = files.get(which);
            Json.Obj changed = random.nextInt(4) == 0
                    ? carriedOver(honest, files.get(1 - which), random)
                    : (Json.Obj) changed(honest, random);
            if (changed.without("signature").equals(honest.without("signature"))) {
                continue;
            }
            Optional<Statement> accepted = accepted(() -> signed(changed));
            if (accepted.isPresent()) {
                assertThat(accepted.get()).as("lie " + lie).isIn(said);
                harmless.merge(member(honest, changed), 1, Integer::sum);
            } else {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(LIES / 2);
        assertThat(harmless.keySet())
                .as("what may stand twice or too much without saying anything else")
                .isSubsetOf("evidence.certificates", "evidence.versions");
    }

    private static Json changed(Json.Obj honest, SplittableRandom random) {
        Json changed = Changed.anywhere(honest, random);
        return changed instanceof Json.Obj ? changed : honest;
    }

    private static Json.Obj carriedOver(Json.Obj honest, Json.Obj other, SplittableRandom random) {
        String part = random.nextBoolean() ? "evidence" : "statement";
        Json.Obj from = (Json.Obj) other.get(part).orElseThrow();
        Json.Obj into = (Json.Obj) honest.get(part).orElseThrow();
        List<String> names = new ArrayList<>(from.members().keySet());
        String name = names.get(random.nextInt(names.size()));
        return honest.with(part, into.with(name, from.get(name).orElseThrow()));
    }

    /** The first member that differs, two levels deep. */
    private static String member(Json.Obj honest, Json.Obj changed) {
        for (String part : List.of("evidence", "statement", "key", "type")) {
            if (!honest.get(part).equals(changed.get(part))) {
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
        }
        return "another";
    }

    /** A platform may put a lie into its log too. What it then says of money is still borne out by receipts and contract. */
    @Test
    void noLieInTheLogItselfChangesAnAmount() {
        SplittableRandom random = new SplittableRandom(10);
        Json.Obj honest = first().json();
        int tried = 0;
        Set<String> onlyTheLogShows = new TreeSet<>();
        for (int lie = 0; lie < LIES; lie++) {
            Optional<Statement> made = statement(Changed.anywhere(honest, random));
            if (made.isEmpty()) {
                continue;
            }
            Statement lied = made.get();
            if (lied.equals(first()) || lied.position() > SECOND_CLOSE) {
                continue;
            }
            tried++;
            log.set(FIRST_CLOSE, close(lied, lied.position()));
            Optional<Statement> accepted =
                    accepted(() -> file(lied, List.of(issued(FIRST_CLOSE, lied, false)), FIRST_CLOSE, 0, 1, 2, 3, 7));
            if (accepted.isPresent()) {
                assertThat(accepted.get().total()).isEqualTo(first().total());
                assertThat(accepted.get().party()).isEqualTo(first().party());
                Json.Obj other = lied.json();
                honest.members().keySet().stream()
                        .filter(name -> !honest.get(name).equals(other.get(name)))
                        .forEach(onlyTheLogShows::add);
            }
        }
        assertThat(tried).isPositive();
        assertThat(onlyTheLogShows)
                .as("only the log shows this: which period it was, and at which of its entries it was closed")
                .isSubsetOf("from", "period", "position", "statement", "to");
    }

    private static Optional<Statement> statement(Json json) {
        try {
            return Optional.of(Statement.of(consistent(json)));
        } catch (MalformedException refused) {
            return Optional.empty();
        }
    }

    /** The id follows from the names, so a platform that lies about them computes it anew. */
    private static Json consistent(Json json) {
        if (!(json instanceof Json.Obj statement)) {
            return json;
        }
        for (String name : List.of("platform", "period", "party", "currency")) {
            if (!(statement.get(name).orElse(json) instanceof Json.Str)) {
                return json;
            }
        }
        return statement.with(
                "statement",
                Json.of(Statement.id(
                        text(statement, "platform"),
                        text(statement, "period"),
                        text(statement, "party"),
                        text(statement, "currency"))));
    }

    private static String text(Json.Obj statement, String name) {
        return ((Json.Str) statement.get(name).orElseThrow()).value();
    }
}
