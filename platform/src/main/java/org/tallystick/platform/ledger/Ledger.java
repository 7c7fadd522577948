package org.tallystick.platform.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.ledger.LedgerStore.Cursor;
import org.tallystick.platform.ledger.LedgerStore.ListedEntry;
import org.tallystick.protocol.codec.Hash;

/**
 * The ledger room's façade. Stateless and thread-safe; every method works in the transaction of the handle it is given,
 * which must be READ COMMITTED when it writes. Posting locks the accounts it touches until that transaction ends, so
 * what was accepted stays acceptable, and concurrent posters on one account come one after another.
 */
public final class Ledger {
    private static final int MAX_PAGE = 1_000;
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,9})");

    private final LedgerStore store = new LedgerStore();
    private final LedgerCheckStore checkStore = new LedgerCheckStore();

    /**
     * Opens an account with nothing in it. Opening the same again is a repeat.
     *
     * @return the account as it stands; refused with {@code ledger/account-differs} if one of that name has another
     *     currency or kind
     */
    public Outcome<Account> open(Handle handle, AccountSpec spec) {
        boolean fresh = store.insertAccount(handle, spec);
        Account account = store.account(handle, spec.name())
                .orElseThrow(() -> new IllegalStateException("an opened account is not there: " + spec.name()));
        if (!account.currency().equals(spec.currency()) || account.kind() != spec.kind()) {
            return differs(account, spec);
        }
        return fresh ? Outcome.accepted(account) : Outcome.repeated(account);
    }

    /**
     * Opens many accounts in few statements, as {@link #open(Handle, AccountSpec)} does one.
     *
     * @return refused as there, with the first account that differs; then the transaction is to be given up
     */
    public Outcome<Integer> open(Handle handle, Collection<AccountSpec> specs) {
        store.insertAccounts(handle, List.copyOf(specs));
        Map<String, Account> found =
                store.accounts(handle, specs.stream().map(AccountSpec::name).toList());
        for (AccountSpec spec : specs) {
            Account account = found.get(spec.name());
            if (account == null) {
                throw new IllegalStateException("an opened account is not there: " + spec.name());
            }
            if (!account.currency().equals(spec.currency()) || account.kind() != spec.kind()) {
                return differs(account, spec);
            }
        }
        return Outcome.accepted(specs.size());
    }

    private static <T> Outcome<T> differs(Account account, AccountSpec spec) {
        return Outcome.refused(Problem.conflict(
                "ledger/account-differs",
                "Account differs",
                spec.name() + " is open in " + account.currency() + " as " + account.kind() + ", not in "
                        + spec.currency() + " as " + spec.kind()));
    }

    /** Posts one group. A refusal changes nothing and leaves the transaction usable. */
    public PostOutcome post(Handle handle, PostingGroup group) {
        return post(handle, List.of(group)).getFirst();
    }

    /**
     * Posts many groups as if one after another, in few statements however many there are. Each is accepted or refused by
     * itself: a refused one changes nothing and the others go on.
     *
     * @return what became of each, in their order
     */
    public List<PostOutcome> post(Handle handle, List<PostingGroup> groups) {
        if (groups.isEmpty()) {
            return List.of();
        }
        // A transfer's id was used in another group, or another transaction posted one of these groups, on other
        // accounts,
        // since we looked: both too rare to look for before every posting. The second attempt looks at everything.
        return store.again(handle, race -> attempt(handle, groups, race > 1));
    }

    private List<PostOutcome> attempt(Handle handle, List<PostingGroup> groups, boolean lookForTransfers) {
        Set<String> names = new LinkedHashSet<>();
        List<Hash> groupIds = new ArrayList<>(groups.size());
        List<Hash> transferIds = new ArrayList<>(groups.size());
        for (PostingGroup group : groups) {
            groupIds.add(group.id());
            for (Transfer transfer : group.transfers()) {
                names.add(transfer.debit());
                names.add(transfer.credit());
                transferIds.add(transfer.id());
            }
        }
        // Accounts first: what concurrent posters on them committed is then visible to the two selects after it.
        Map<String, PostingRules.Standing> accounts = store.lock(handle, names);
        Set<Hash> taken = lookForTransfers ? store.taken(handle, transferIds) : new HashSet<>();
        PostingRules decision = new PostingRules(accounts, store.digests(handle, groupIds), taken);
        List<PostOutcome> outcomes = new ArrayList<>(groups.size());
        for (PostingGroup group : groups) {
            outcomes.add(decision.decide(group));
        }
        if (!decision.writes().isEmpty()) {
            store.insert(handle, decision.writes(), accounts);
        }
        return outcomes;
    }

    /** An account as it stands. */
    public Optional<Account> account(Handle handle, String name) {
        return store.account(handle, name);
    }

    /** What is in an account: credits less debits. */
    public Optional<Money> balance(Handle handle, String name) {
        return account(handle, name).map(Account::balance);
    }

    /** What is in each of some accounts; those that are not open are left out. */
    public Map<String, Money> balances(Handle handle, Collection<String> names) {
        Map<String, Money> balances = new HashMap<>();
        store.accounts(handle, names).forEach((name, account) -> balances.put(name, account.balance()));
        return balances;
    }

    /**
     * Accounts whose name starts with a text, in order of name.
     *
     * @param after the previous page's {@link Page#next()}
     * @param limit 1 to 1000
     */
    public Page<Account> accounts(Handle handle, String prefix, Optional<String> after, int limit) {
        List<Account> found = store.accounts(handle, prefix, after.orElse(""), checkedLimit(limit) + 1);
        return page(found, limit, Account::name);
    }

    /**
     * What happened to an account, oldest first. Pages stay the same for ever, and none that is posted later appears
     * before one already seen. Empty for an account that does not exist.
     *
     * @param after the previous page's {@link Page#next()}
     * @param limit 1 to 1000
     * @throws org.tallystick.platform.kernel.RefusedException {@code ledger/malformed-cursor}
     */
    public Page<Entry> entries(Handle handle, String account, Optional<String> after, int limit) {
        Cursor cursor = after.map(Ledger::cursor).orElse(Cursor.START);
        List<ListedEntry> found = store.entries(handle, account, cursor, checkedLimit(limit) + 1);
        return page(
                        found,
                        limit,
                        e -> e.position().groupNumber() + "." + e.position().leg())
                .map(ListedEntry::entry);
    }

    /** A transfer by the id its caller derived: from a statement line to its posting. */
    public Optional<PostedTransfer> byId(Handle handle, Hash transferId) {
        return store.transfer(handle, transferId);
    }

    /** Which of some transfers have been posted: one question, however many they are. */
    public Set<Hash> known(Handle handle, Collection<Hash> transferIds) {
        return Set.copyOf(store.known(handle, transferIds));
    }

    /** A posting group as it was posted. */
    public Optional<PostingGroup> group(Handle handle, Hash groupId) {
        return store.group(handle, groupId);
    }

    /** How many groups have been posted. */
    public long groups(Handle handle) {
        return store.groups(handle);
    }

    /** Each currency summed over all accounts, in order of code. */
    public List<TrialBalance> trialBalance(Handle handle) {
        return store.trialBalance(handle);
    }

    /** Recomputes everything from the transfers. Walks the whole ledger. @return every difference; none is right */
    public List<Difference> check(Handle handle) {
        return checkStore.check(handle);
    }

    /** Forgets everything, to be filled again by replaying the log. Waits for and keeps out every other user. */
    public void empty(Handle handle) {
        store.empty(handle);
    }

    private static <T> Page<T> page(List<T> found, int limit, Function<T, String> cursor) {
        if (found.size() <= limit) {
            return Page.last(found);
        }
        return new Page<>(found.subList(0, limit), Optional.of(cursor.apply(found.get(limit - 1))));
    }

    private static int checkedLimit(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE + " items, not " + limit);
        }
        return limit;
    }

    private static Cursor cursor(String text) {
        Matcher matcher = CURSOR.matcher(text);
        if (!matcher.matches()) {
            throw Problem.invalid(
                            "ledger/malformed-cursor", "Malformed cursor", "a cursor is what a page gave as its next")
                    .asException();
        }
        return new Cursor(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
}
