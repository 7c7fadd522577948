package org.tallystick.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * Runs ledger cases written as text, one line each, {@code command | arguments | what is expected}:
 *
 * <pre>
 * account | escrow:b USD never-negative         | accepted | repeated | refused ledger/account-differs
 * post    | g1: t1 bank -> escrow:b 100 USD; …  | posted | repeated | refused WOULD_GO_NEGATIVE
 * balance | escrow:b                            | 100.00 USD
 * entries | escrow:b                            | +100.00 USD bank, …
 * trial   | USD                                 | 100 = 100 held 100
 * </pre>
 *
 * Every script runs twice, on an empty ledger: each posting in a transaction of its own, and consecutive postings in one
 * batch. Both must give what is expected and leave a ledger without differences.
 */
final class LedgerScript {
    static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");
    private static final Ledger LEDGER = new Ledger();

    private enum Mode {
        SINGLE,
        BATCH
    }

    private final Database database;
    private final Mode mode;
    private final List<PostingGroup> pending = new ArrayList<>();
    private final List<String> pendingLines = new ArrayList<>();

    private LedgerScript(Database database, Mode mode) {
        this.database = database;
        this.mode = mode;
    }

    static void run(String script) {
        try (Database database = TestDatabase.fresh()) {
            for (Mode mode : Mode.values()) {
                database.write(h -> {
                    LEDGER.empty(h);
                    return 0;
                });
                new LedgerScript(database, mode).runLines(script);
            }
        }
    }

    private void runLines(String script) {
        for (String line : script.lines().map(String::strip).toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                runLine(line);
            }
        }
        flush();
        assertThat(database.read(LEDGER::check)).isEmpty();
        assertThat(database.read(LEDGER::trialBalance)).allMatch(TrialBalance::isBalanced);
    }

    private void runLine(String line) {
        String[] cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
        assertThat(cells).as(line).hasSize(3);
        if (cells[0].equals("post")) {
            pending.add(group(cells[1]));
            pendingLines.add(line);
            if (mode == Mode.SINGLE) {
                flush();
            }
            return;
        }
        flush();
        String found = switch (cells[0]) {
            case "account" -> open(cells[1]);
            case "balance" ->
                database.read(h -> LEDGER.balance(h, cells[1]))
                        .map(Money::toString)
                        .orElse("none");
            case "entries" ->
                database.read(h -> LEDGER.entries(h, cells[1], Optional.empty(), 1000)).items().stream()
                        .map(e -> (e.change().isPositive() ? "+" : "") + e.change() + " " + e.counterparty())
                        .collect(Collectors.joining(", "));
            case "trial" ->
                database.read(LEDGER::trialBalance).stream()
                        .filter(t -> t.currency().code().equals(cells[1]))
                        .map(t -> plain(t.debits()) + " = " + plain(t.credits()) + " held " + plain(t.held()))
                        .collect(Collectors.joining());
            default -> throw new IllegalArgumentException(line);
        };
        assertThat(found).as("%s: %s", mode, line).isEqualTo(cells[2]);
    }

    private static String plain(BigInteger micros) {
        return new BigDecimal(micros, 6).stripTrailingZeros().toPlainString();
    }

    private void flush() {
        if (pending.isEmpty()) {
            return;
        }
        List<PostOutcome> outcomes = database.write(h -> LEDGER.post(h, pending));
        for (int i = 0; i < outcomes.size(); i++) {
            String line = pendingLines.get(i);
            assertThat(show(outcomes.get(i)))
                    .as("%s: %s", mode, line)
                    .isEqualTo(line.substring(line.lastIndexOf('|') + 1).strip());
        }
        pending.clear();
        pendingLines.clear();
    }

    private String open(String text) {
        String[] words = text.split(" +");
        AccountKind kind = AccountKind.valueOf(words[2].toUpperCase(Locale.ROOT).replace('-', '_'));
        return switch (database.write(h -> LEDGER.open(h, new AccountSpec(words[0], Currency.of(words[1]), kind)))) {
            case Outcome.Accepted<Account>(Account account, boolean repeated) -> repeated ? "repeated" : "accepted";
            case Outcome.Refused<Account>(var problem) -> "refused " + problem.type();
        };
    }

    /** Shows an outcome as the scripts write it. */
    static String show(PostOutcome outcome) {
        return switch (outcome) {
            case PostOutcome.Posted posted -> "posted";
            case PostOutcome.Repeated repeated -> "repeated";
            case PostOutcome.Refused(PostOutcome.Reason reason, String detail) -> "refused " + reason;
        };
    }

    /** Reads {@code g1: t1 bank -> escrow:b 100 USD; t2 …}. */
    static PostingGroup group(String text) {
        int colon = text.indexOf(": ");
        List<Transfer> transfers = new ArrayList<>();
        for (String part : text.substring(colon + 2).split(";")) {
            String[] words = part.strip().split(" +");
            assertThat(words).as(text).hasSize(6);
            transfers.add(new Transfer(
                    id(words[0]), words[1], words[3], Money.parse(words[4] + " " + words[5]), "", "line:" + words[0]));
        }
        return new PostingGroup(id(text.substring(0, colon)), AT, "", "", transfers);
    }

    /** The id a label stands for. */
    static Hash id(String label) {
        return Sha256.hash(label.getBytes(StandardCharsets.UTF_8));
    }
}
