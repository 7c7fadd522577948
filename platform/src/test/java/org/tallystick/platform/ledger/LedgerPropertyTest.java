package org.tallystick.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Page;
import org.tallystick.protocol.codec.Seeds;

/** Random histories against a model too simple to be wrong: a list of what was posted, summed anew for every question. */
class LedgerPropertyTest {
    private static final Ledger LEDGER = new Ledger();
    private static final Database DB = TestDatabase.fresh();
    private static final List<String> CURRENCIES = List.of("USD", "USD", "USD", "EUR");

    /** The naive ledger. */
    private static final class Model {
        final Map<String, AccountSpec> accounts = new TreeMap<>();
        final List<PostingGroup> posted = new ArrayList<>();

        Money balance(String name) {
            Money sum = Money.zero(Objects.requireNonNull(accounts.get(name)).currency());
            for (PostingGroup group : posted) {
                for (Transfer transfer : group.transfers()) {
                    if (transfer.debit().equals(name)) {
                        sum = sum.minus(transfer.amount());
                    }
                    if (transfer.credit().equals(name)) {
                        sum = sum.plus(transfer.amount());
                    }
                }
            }
            return sum;
        }

        String post(PostingGroup group) {
            Optional<PostingGroup> same =
                    posted.stream().filter(g -> g.id().equals(group.id())).findFirst();
            if (same.isPresent()) {
                return same.get().equals(group) ? "repeated" : "refused CONFLICTING_REPEAT";
            }
            for (Transfer transfer : group.transfers()) {
                AccountSpec debit = accounts.get(transfer.debit());
                AccountSpec credit = accounts.get(transfer.credit());
                if (debit == null || credit == null) {
                    return "refused UNKNOWN_ACCOUNT";
                }
                Currency currency = transfer.amount().currency();
                if (!debit.currency().equals(currency) || !credit.currency().equals(currency)) {
                    return "refused CURRENCY_MISMATCH";
                }
            }
            boolean taken = posted.stream()
                    .flatMap(g -> g.transfers().stream())
                    .anyMatch(t -> group.transfers().stream().anyMatch(o -> o.id().equals(t.id())));
            posted.add(group);
            for (AccountSpec account : accounts.values()) {
                if (account.kind() == AccountKind.NEVER_NEGATIVE
                        && balance(account.name()).isNegative()) {
                    posted.removeLast();
                    return "refused WOULD_GO_NEGATIVE";
                }
            }
            if (taken) {
                posted.removeLast();
                return "refused TRANSFER_ID_TAKEN";
            }
            return "posted";
        }
    }

    @Test
    void everyHistoryAgreesWithTheModel() {
        Seeds.check(12, random -> {
            DB.write(h -> {
                LEDGER.empty(h);
                return 0;
            });
            Model model = new Model();
            openAccounts(random, model);
            int ids = 0;
            List<PostingGroup> seen = new ArrayList<>();
            for (int step = 0; step < 12; step++) {
                List<PostingGroup> batch = new ArrayList<>();
                int size = random.nextInt(1, 12);
                for (int i = 0; i < size; i++) {
                    PostingGroup group = seen.isEmpty() || random.nextInt(5) > 0
                            ? randomGroup(random, ids++)
                            : disturbed(random, seen.get(random.nextInt(seen.size())), ids++);
                    batch.add(group);
                    seen.add(group);
                }
                List<String> expected = batch.stream().map(model::post).toList();
                boolean rolledBack = random.nextInt(6) == 0;
                List<String> found = post(batch, rolledBack);
                assertThat(found).isEqualTo(expected);
                if (rolledBack) {
                    assertThat(post(batch, false)).isEqualTo(expected);
                }
                agrees(model, random);
            }
        });
    }

    private static void openAccounts(RandomGenerator random, Model model) {
        for (int i = 0; i < 8; i++) {
            AccountSpec spec = new AccountSpec(
                    "a:" + i,
                    Currency.of(CURRENCIES.get(i % CURRENCIES.size())),
                    i < 2 || random.nextInt(8) == 0 ? AccountKind.MAY_GO_NEGATIVE : AccountKind.NEVER_NEGATIVE);
            model.accounts.put(spec.name(), spec);
            DB.write(h -> LEDGER.open(h, spec));
        }
    }

    private static PostingGroup randomGroup(RandomGenerator random, int number) {
        List<Transfer> transfers = new ArrayList<>();
        int count = random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            int debit = random.nextInt(random.nextInt(20) == 0 ? 9 : 8);
            int credit = (debit + random.nextInt(1, 8)) % 8;
            String currency = CURRENCIES.get(random.nextInt(25) == 0 ? random.nextInt(4) : debit % 4);
            if (debit < 8 && random.nextInt(20) > 0) {
                credit = sameCurrency(debit, credit);
            }
            Money amount = Money.ofMicros(Currency.of(currency), random.nextLong(1, 1L << random.nextInt(1, 24)));
            String label = i == 0 && random.nextInt(15) == 0 ? "t0-0" : "t" + number + "-" + i;
            transfers.add(
                    new Transfer(LedgerScript.id(label), "a:" + debit, "a:" + credit, amount, "d" + i, "r" + number));
        }
        return new PostingGroup(
                LedgerScript.id("g" + number),
                LedgerScript.AT.plusNanos(number * 1_000L),
                "d",
                "r" + number,
                transfers);
    }

    private static int sameCurrency(int debit, int credit) {
        int candidate = credit;
        while (candidate == debit || (candidate % 4 == 3) != (debit % 4 == 3)) {
            candidate = (candidate + 1) % 8;
        }
        return candidate;
    }

    /** A group seen before: as it was, with other content, or under another id. */
    private static PostingGroup disturbed(RandomGenerator random, PostingGroup group, int number) {
        return switch (random.nextInt(5)) {
            case 0 ->
                new PostingGroup(
                        group.id(), group.at(), group.description() + "!", group.reference(), group.transfers());
            case 1 ->
                new PostingGroup(
                        LedgerScript.id("g" + number),
                        group.at(),
                        group.description(),
                        group.reference(),
                        group.transfers());
            default -> group;
        };
    }

    private static List<String> post(List<PostingGroup> batch, boolean thenFail) {
        List<String> outcomes = new ArrayList<>();
        try {
            DB.write(h -> {
                LEDGER.post(h, batch).forEach(outcome -> outcomes.add(LedgerScript.show(outcome)));
                if (thenFail) {
                    throw new IllegalStateException("killed before the commit");
                }
                return 0;
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("killed before the commit");
        }
        return outcomes;
    }

    private static void agrees(Model model, RandomGenerator random) {
        assertThat(DB.read(LEDGER::check)).isEmpty();
        for (String name : model.accounts.keySet()) {
            Optional<Money> balance = DB.read(h -> LEDGER.balance(h, name));
            assertThat(balance).contains(model.balance(name));
        }
        String name = "a:" + random.nextInt(8);
        List<Money> changes = new ArrayList<>();
        for (PostingGroup group : model.posted) {
            for (Transfer transfer : group.transfers()) {
                if (transfer.debit().equals(name)) {
                    changes.add(transfer.amount().negated());
                } else if (transfer.credit().equals(name)) {
                    changes.add(transfer.amount());
                }
            }
        }
        assertThat(pagedEntries(name, random.nextInt(1, 9)))
                .extracting(Entry::change)
                .containsExactlyElementsOf(changes);
        if (!model.posted.isEmpty()) {
            PostingGroup group = model.posted.get(random.nextInt(model.posted.size()));
            Optional<PostingGroup> read = DB.read(h -> LEDGER.group(h, group.id()));
            assertThat(read).contains(group);
            Transfer transfer = group.transfers().getLast();
            Optional<PostedTransfer> posted = DB.read(h -> LEDGER.byId(h, transfer.id()));
            assertThat(posted).contains(new PostedTransfer(group.id(), group.at(), transfer));
        }
    }

    private static List<Entry> pagedEntries(String name, int limit) {
        List<Entry> entries = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Optional<String> from = after;
            Page<Entry> page = DB.read(h -> LEDGER.entries(h, name, from, limit));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            entries.addAll(page.items());
            after = page.next();
        } while (after.isPresent());
        return entries;
    }
}
