package org.tallystick.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.kernel.Currency;

/** Hands on a SQL prompt: what the database refuses, and what the check finds when its triggers were switched off. */
class LedgerTamperTest {
    private static final Ledger LEDGER = new Ledger();
    private static final Database DB = TestDatabase.fresh();
    private static final String ROW =
            "insert into ledger.transfer (group_number, leg, id, debit_account, credit_account,"
                    + " currency, amount, description, reference) values ";

    @BeforeEach
    void ledger() {
        DB.write(h -> {
            LEDGER.empty(h);
            LEDGER.open(h, new AccountSpec("bank", Currency.of("USD"), AccountKind.MAY_GO_NEGATIVE)); // 1
            LEDGER.open(h, new AccountSpec("a", Currency.of("USD"), AccountKind.NEVER_NEGATIVE)); // 2
            LEDGER.open(h, new AccountSpec("b", Currency.of("USD"), AccountKind.NEVER_NEGATIVE)); // 3
            LEDGER.open(h, new AccountSpec("e", Currency.of("EUR"), AccountKind.NEVER_NEGATIVE)); // 4
            LEDGER.post(h, LedgerScript.group("g1: t1 bank -> a 10 USD")); // group 1
            LEDGER.post(h, LedgerScript.group("g2: t2 a -> b 4 USD; t3 a -> b 1 USD")); // group 2
            return 0;
        });
        unchanged();
    }

    private static void unchanged() {
        assertThat(differences()).isEmpty();
        assertThat(balance("a")).isEqualTo("5.00 USD");
        assertThat(balance("b")).isEqualTo("5.00 USD");
        assertThat(DB.<List<TrialBalance>>read(LEDGER::trialBalance)).allMatch(TrialBalance::isBalanced);
    }

    private static String balance(String account) {
        return DB.read(h -> LEDGER.balance(h, account)).orElseThrow().toString();
    }

    private static List<String> differences() {
        return DB.read(LEDGER::check).stream()
                .map(d -> d.kind() + " " + label(d.subject()) + ": " + label(d.expected()) + " not " + label(d.found()))
                .toList();
    }

    private static String label(String text) {
        for (String label : List.of("g1", "g2", "g9", "t1", "t2", "t3", "t9")) {
            if (text.equals(LedgerScript.id(label).hex())) {
                return label;
            }
        }
        return text.length() == 64 ? "digest" : text;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger.transfer set amount = 1",
                "update ledger.transfer set description = 'x' where false",
                "delete from ledger.transfer where leg = 1",
                "truncate ledger.transfer",
                "truncate ledger.account, ledger.posting_group, ledger.transfer",
                "update ledger.posting_group set reference = 'x'",
                "delete from ledger.posting_group",
                "truncate ledger.posting_group cascade",
                "update ledger.account set credits = credits + 1 where name = 'a'",
                "update ledger.account set may_go_negative = true",
                "update ledger.account set name = 'c' where name = 'a'",
                "update ledger.account set currency = 'EUR' where name = 'a'",
                "delete from ledger.account where name = 'e'",
                "truncate ledger.account",
                "insert into ledger.account (name, currency, may_go_negative, credits) values ('c', 'USD', false, 5)",
                "insert into ledger.account (name, currency, may_go_negative, debits) values ('c', 'USD', true, 5)",
                "insert into ledger.account (name, currency, may_go_negative) values ('a', 'USD', true)"
                        + " on conflict (name) do update set may_go_negative = true",
                "merge into ledger.account a using (values (2)) v (id) on a.id = v.id"
                        + " when matched then update set credits = 0",
                "merge into ledger.transfer t using (values (1)) v (leg) on t.leg = v.leg when matched then delete",
            })
    void whatIsPostedCannotBeChanged(String sql) {
        assertThatThrownBy(() -> DB.write(h -> h.execute(sql))).hasMessageContaining("only grows");
        unchanged();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # group, leg, id, debit, credit, currency, amount                         | refused because
        (2, 2, sha256('n'), 2, 3, 'USD', 0, '', '')                                 | transfer_amount_check
        (2, 2, sha256('n'), 2, 3, 'USD', -5, '', '')                                | transfer_amount_check
        (2, 2, sha256('n'), 2, 3, 'USD', null, '', '')                              | not-null
        (2, 2, sha256('n'), 2, null, 'USD', 5, '', '')                              | not-null
        (2, 2, sha256('n'), 2, 2, 'USD', 5, '', '')                                 | two_accounts
        (2, 2, sha256('n'), 2, 99, 'USD', 5, '', '')                                | account that does not exist
        (2, 2, sha256('n'), 99, 3, 'USD', 5, '', '')                                | account that does not exist
        (2, 2, sha256('n'), 2, 4, 'USD', 5, '', '')                                 | another currency
        (2, 2, sha256('n'), 2, 4, 'EUR', 5, '', '')                                 | another currency
        (2, 2, sha256('n'), 2, 3, 'EUR', 5, '', '')                                 | another currency
        (2, 2, sha256('n'), 2, 3, 'USD', 5000001, '', '')                           | never_negative
        (2, 2, sha256('n'), 1, 3, 'USD', 1e30 + 1, '', '')                          | transfer_amount_check
        (2, 2, sha256('n'), 1, 3, 'USD', 0.5, '', '')                               | transfer_amount_check
        (2, 2, sha256('n'), 1, 3, 'USD', 'NaN', '', '')                             | transfer_amount_check
        (2, 2, 'short', 2, 3, 'USD', 5, '', '')                                     | transfer_id_check
        (2, 1, sha256('n'), 2, 3, 'USD', 5, '', '')                                 | transfer_pkey
        (2, -1, sha256('n'), 2, 3, 'USD', 5, '', '')                                | transfer_leg_check
        (99, 0, sha256('n'), 2, 3, 'USD', 5, '', '')                                | without its posting group
        (2, 2, sha256('n'), 2, 3, 'USD', 5, '', ''), (2, 3, sha256('n'), 2, 3, 'USD', 5, '', '') | transfer_id_key
        (2, 2, sha256('n'), 2, 3, 'USD', 1, '', ''), (2, 3, sha256('m'), 2, 4, 'EUR', 1, '', '') | another currency
        """)
    void noHandWrittenTransferCanBeUnbalanced(String row, String because) {
        assertThatThrownBy(() -> DB.write(h -> h.execute(ROW + row))).hasMessageContaining(because);
        unchanged();
    }

    @Test
    void aHandWrittenSoundTransferMovesBothSidesAndIsFound() {
        DB.write(h -> h.execute(ROW + "(2, 2, sha256('t9'), 2, 3, 'USD', 5, '', '')"));
        assertThat(DB.<List<TrialBalance>>read(LEDGER::trialBalance)).allMatch(TrialBalance::isBalanced);
        assertThat(differences()).containsExactly("digest g2: digest not digest");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        update ledger.account set credits = credits + 7 where name = 'b'           | credits b: 5000000 not 5000007
        update ledger.account set credits = credits + 7 where name = 'e'           | credits e: 0 not 7
        update ledger.account set debits = debits + 7 where name = 'bank'          | debits bank: 10000000 not 10000007
        update ledger.transfer set description = 'gift' where leg = 1              | digest g2: digest not digest
        update ledger.transfer set reference = 'line:other' where leg = 1          | digest g2: digest not digest
        update ledger.posting_group set posted_at = posted_at + interval '1 microsecond' where number = 1 | digest g1: digest not digest
        update ledger.posting_group set description = 'x' where number = 1         | digest g1: digest not digest
        update ledger.posting_group set reference = 'x' where number = 1           | digest g1: digest not digest
        update ledger.posting_group set digest = sha256('x') where number = 1      | digest g1: digest not digest
        update ledger.account set name = 'c' where name = 'bank'                   | digest g1: digest not digest
        """)
    void aChangeBehindTheTriggersIsFound(String sql, String difference) {
        behindTheTriggers(sql);
        assertThat(differences()).containsExactly(difference);
    }

    @Test
    void everyConsequenceOfAChangeIsListed() {
        behindTheTriggers("update ledger.transfer set amount = 11000000 where id = sha256('t2')");
        assertThat(differences())
                .containsExactly(
                        "debits a: 12000000 not 5000000",
                        "negative a: not below 0 not -2000000",
                        "credits b: 12000000 not 5000000",
                        "digest g2: digest not digest");
        behindTheTriggers("delete from ledger.transfer where id = sha256('t1')");
        assertThat(differences()).contains("credits a: 0 not 10000000", "digest g1: digest not digest");
        behindTheTriggers("delete from ledger.posting_group where number = 1");
        assertThat(differences()).noneMatch(d -> d.contains("g1"));
        behindTheTriggers("delete from ledger.posting_group where number = 2");
        assertThat(differences())
                .contains("unknown-group t2: a posting group not none", "unknown-group t3: a posting group not none");
        behindTheTriggers("insert into ledger.posting_group (number, id, digest, posted_at, description, reference)"
                + " overriding system value values (2, sha256('g2'), sha256(''), now(), '', '')");
        behindTheTriggers("delete from ledger.account where name = 'b'");
        assertThat(differences()).contains("unknown-account t2: two accounts not fewer");
        behindTheTriggers("update ledger.account set currency = 'EUR' where name = 'a'");
        behindTheTriggers("insert into ledger.account (id, name, currency, may_go_negative)"
                + " overriding system value values (3, 'b', 'JPY', false)");
        assertThat(differences()).contains("currency t3: USD not EUR and JPY");
    }

    private static void behindTheTriggers(String sql) {
        DB.write(h -> {
            h.execute("set local session_replication_role = replica"); // needs a superuser, and leaves no trace
            return h.execute(sql);
        });
    }

    @Test
    void emptyingIsForRebuildsAndLeavesTheTriggersOn() {
        DB.write(h -> {
            LEDGER.empty(h);
            return 0;
        });
        assertThat(DB.<List<TrialBalance>>read(LEDGER::trialBalance)).isEmpty();
        ledger();
        assertThatThrownBy(() -> DB.write(h -> h.execute("truncate ledger.transfer")))
                .hasMessageContaining("only grows");
    }
}
