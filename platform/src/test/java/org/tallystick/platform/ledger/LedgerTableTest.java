package org.tallystick.platform.ledger;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the ledger does, as tables. Start reading here. */
class LedgerTableTest {

    @Test
    void moneyComesInIsSplitAndGoesOut() {
        LedgerScript.run("""
                account | bank USD may-go-negative        | accepted
                account | escrow:b USD never-negative     | accepted
                account | payable:x USD never-negative    | accepted
                account | payable:y USD never-negative    | accepted
                account | fee USD never-negative          | accepted
                post    | g1: t1 bank -> escrow:b 100 USD | posted
                balance | escrow:b                        | 100.00 USD
                balance | bank                            | -100.00 USD
                post    | g2: t2 escrow:b -> payable:x 33.333333 USD; t3 escrow:b -> payable:y 56.666667 USD; t4 escrow:b -> fee 10 USD | posted
                balance | escrow:b                        | 0.00 USD
                balance | payable:x                       | 33.333333 USD
                trial   | USD                             | 200 = 200 held 100
                post    | g3: t5 payable:x -> bank 33.33 USD | posted
                balance | payable:x                       | 0.003333 USD
                entries | escrow:b                        | +100.00 USD bank, -33.333333 USD payable:x, -56.666667 USD payable:y, -10.00 USD fee
                entries | payable:x                       | +33.333333 USD escrow:b, -33.33 USD bank
                trial   | USD                             | 233.33 = 233.33 held 66.67
                """);
    }

    @Test
    void anAccountIsOpenedOnceAndStaysWhatItIs() {
        LedgerScript.run("""
                account | escrow:b USD never-negative  | accepted
                account | escrow:b USD never-negative  | repeated
                account | escrow:b EUR never-negative  | refused ledger/account-differs
                account | escrow:b USD may-go-negative | refused ledger/account-differs
                account | escrow:B USD may-go-negative | accepted
                balance | escrow:b                     | 0.00 USD
                balance | escrow:c                     | none
                entries | escrow:b                     |
                entries | escrow:c                     |
                """);
    }

    @Test
    void aGroupHappensWholeOrNotAtAll() {
        LedgerScript.run("""
                account | bank USD may-go-negative     | accepted
                account | a USD never-negative         | accepted
                account | b USD never-negative         | accepted
                account | e EUR never-negative         | accepted
                post    | g1: t1 bank -> a 10 USD      | posted
                post    | g2: t2 a -> b 5 USD; t3 a -> nowhere 1 USD  | refused UNKNOWN_ACCOUNT
                post    | g2: t2 a -> b 5 USD; t3 nowhere -> b 1 USD  | refused UNKNOWN_ACCOUNT
                post    | g2: t2 a -> b 5 USD; t3 a -> e 1 USD        | refused CURRENCY_MISMATCH
                post    | g2: t2 a -> b 5 USD; t3 e -> a 1 USD        | refused CURRENCY_MISMATCH
                post    | g2: t2 a -> b 5 USD; t3 a -> b 1 EUR        | refused CURRENCY_MISMATCH
                post    | g2: t2 a -> b 5 USD; t3 a -> b 5.000001 USD | refused WOULD_GO_NEGATIVE
                post    | g2: t2 a -> b 5 USD; t1 a -> b 1 USD        | refused TRANSFER_ID_TAKEN
                balance | a                            | 10.00 USD
                balance | b                            | 0.00 USD
                post    | g2: t2 a -> b 5 USD; t3 a -> b 5 USD        | posted
                balance | a                            | 0.00 USD
                balance | b                            | 10.00 USD
                """);
    }

    @Test
    void onlyWhatAGroupComesToMustNotGoNegative() {
        LedgerScript.run("""
                account | bank USD may-go-negative | accepted
                account | a USD never-negative     | accepted
                account | b USD never-negative     | accepted
                # a pays before it gets, in one moment
                post    | g1: t1 a -> b 5 USD; t2 bank -> a 5 USD | posted
                balance | a                        | 0.00 USD
                post    | g2: t3 a -> b 0.000001 USD | refused WOULD_GO_NEGATIVE
                # round in a circle
                post    | g3: t4 a -> b 7 USD; t5 b -> a 7 USD | posted
                balance | a                        | 0.00 USD
                balance | b                        | 5.00 USD
                post    | g4: t6 b -> a 5 USD; t7 a -> b 5 USD; t8 b -> bank 5.000001 USD | refused WOULD_GO_NEGATIVE
                post    | g4: t6 b -> a 5 USD; t7 a -> b 5 USD; t8 b -> bank 5 USD | posted
                """);
    }

    @Test
    void theSameGroupAgainIsTheSamePosting() {
        LedgerScript.run("""
                account | bank USD may-go-negative        | accepted
                account | a USD never-negative            | accepted
                account | b USD never-negative            | accepted
                post    | g1: t1 bank -> a 10 USD         | posted
                post    | g1: t1 bank -> a 10 USD         | repeated
                post    | g1: t1 bank -> a 10.00 USD      | repeated
                post    | g1: t1 bank -> a 11 USD         | refused CONFLICTING_REPEAT
                post    | g1: t1 bank -> b 10 USD         | refused CONFLICTING_REPEAT
                post    | g1: t2 bank -> a 10 USD         | refused CONFLICTING_REPEAT
                post    | g1: t1 a -> bank 10 USD         | refused CONFLICTING_REPEAT
                post    | g1: t1 bank -> a 10 USD; t2 bank -> a 1 USD | refused CONFLICTING_REPEAT
                post    | g1: t1 bank -> nowhere 10 USD   | refused CONFLICTING_REPEAT
                post    | g2: t1 bank -> a 10 USD         | refused TRANSFER_ID_TAKEN
                balance | a                               | 10.00 USD
                balance | b                               | 0.00 USD
                post    | g3: t3 a -> b 10 USD            | posted
                # a repeat is no second spending, whatever is left
                post    | g3: t3 a -> b 10 USD            | repeated
                balance | a                               | 0.00 USD
                entries | a                               | +10.00 USD bank, -10.00 USD b
                """);
    }

    @Test
    void aRefusedGroupMayBePostedLater() {
        LedgerScript.run("""
                account | bank USD may-go-negative | accepted
                account | a USD never-negative     | accepted
                post    | g1: t1 a -> bank 10 USD  | refused WOULD_GO_NEGATIVE
                post    | g2: t2 bank -> a 10 USD  | posted
                post    | g1: t1 a -> bank 10 USD  | posted
                post    | g3: t3 bank -> b 10 USD  | refused UNKNOWN_ACCOUNT
                account | b USD never-negative     | accepted
                post    | g3: t3 bank -> b 10 USD  | posted
                balance | a                        | 0.00 USD
                """);
    }

    @Test
    void theOrderOfTransfersIsContentButNotArithmetic() {
        LedgerScript.run("""
                account | bank USD may-go-negative | accepted
                account | a USD never-negative     | accepted
                post    | g1: t1 bank -> a 1 USD; t2 bank -> a 2 USD | posted
                post    | g1: t2 bank -> a 2 USD; t1 bank -> a 1 USD | refused CONFLICTING_REPEAT
                entries | a                        | +1.00 USD bank, +2.00 USD bank
                """);
    }

    @Test
    void currenciesAreKeptApart() {
        LedgerScript.run("""
                account | bank:usd USD may-go-negative | accepted
                account | bank:eur EUR may-go-negative | accepted
                account | bank:jpy JPY may-go-negative | accepted
                account | a:usd USD never-negative     | accepted
                account | a:eur EUR never-negative     | accepted
                account | a:jpy JPY never-negative     | accepted
                post    | g1: t1 bank:usd -> a:usd 1.5 USD; t2 bank:eur -> a:eur 2.5 EUR; t3 bank:jpy -> a:jpy 3 JPY | posted
                post    | g2: t4 a:usd -> a:eur 1 USD  | refused CURRENCY_MISMATCH
                post    | g2: t4 a:usd -> a:eur 1 EUR  | refused CURRENCY_MISMATCH
                trial   | USD                          | 1.5 = 1.5 held 1.5
                trial   | EUR                          | 2.5 = 2.5 held 2.5
                trial   | JPY                          | 3 = 3 held 3
                """);
    }

    /** A thousand of the greatest amounts fill an account; before, one did. */
    @Test
    void sumsThatWouldNotFitAreRefused() {
        LedgerScript.run("""
                account | bank USD may-go-negative | accepted
                account | a USD never-negative     | accepted
                account | b USD never-negative     | accepted
                post    | g1: t1 bank -> a 9223372036854.775807 USD | posted
                post    | g2: t2 bank -> a 9223372036854.775807 USD | posted
                post    | g3: t3 a -> bank 18446744073709.551614 USD | posted
                post    | g4: %s | refused OUT_OF_RANGE
                post    | g5: %s | posted
                post    | g6: t4 bank -> a 1000000000000000000000000 USD | refused OUT_OF_RANGE
                post    | g7: t5 a -> b 1000000000000000000000000 USD | posted
                balance | a                        | 998000000000000000000000000.00 USD
                balance | b                        | 1000000000000000000000000.00 USD
                """.formatted(greatest(1_000), greatest(999)));
    }

    private static String greatest(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "m" + i + " bank -> a 1000000000000000000000000 USD")
                .collect(Collectors.joining("; "));
    }

    @Test
    void oneAccountCanBeInEveryTransfer() {
        LedgerScript.run("""
                account | bank USD may-go-negative | accepted
                account | hot USD never-negative   | accepted
                account | a USD never-negative     | accepted
                post    | g1: t1 bank -> hot 1 USD | posted
                post    | g2: t2 hot -> a 0.4 USD  | posted
                post    | g3: t3 hot -> a 0.4 USD  | posted
                post    | g4: t4 hot -> a 0.4 USD  | refused WOULD_GO_NEGATIVE
                post    | g5: t5 hot -> a 0.2 USD  | posted
                post    | g6: t6 a -> hot 1 USD    | posted
                post    | g4: t4 hot -> a 0.4 USD  | posted
                balance | hot                      | 0.60 USD
                balance | a                        | 0.40 USD
                entries | hot                      | +1.00 USD bank, -0.40 USD a, -0.40 USD a, -0.20 USD a, +1.00 USD a, -0.40 USD a
                """);
    }

    @Test
    void namesHaveNoSpecialMeaning() {
        LedgerScript.run("""
                account | bank USD may-go-negative            | accepted
                account | escrow:did:key:z6Mk_x USD never-negative | accepted
                account | escrow:.. USD never-negative        | accepted
                post    | g1: t1 bank -> escrow:did:key:z6Mk_x 1 USD; t2 bank -> escrow:.. 2 USD | posted
                balance | escrow:did:key:z6Mk_x               | 1.00 USD
                balance | escrow:..                           | 2.00 USD
                balance | escrow:%                            | none
                """);
    }
}
