package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.receipt.Scope;

/** An invoice's file is held to the contract, to all uses and to the invoice before it, as a statement's is. */
class InvoiceFileTest extends AnchoredFixture {
    @Test
    void anInvoiceVerifiesOffline() {
        PaperVerifier.Verified verified = VERIFIER.verify(invoiceFile(bill()));
        assertThat(verified.paper()).isEqualTo(bill());
        assertThat(verified.weaker()).isFalse();
        assertThat(verified.works()).isEqualTo(WORKS);
        assertThat(verified.receipts()).isEqualTo(10);
        assertThat(bill().charged()).isEqualTo(35_000);
        assertThat(bill().due()).isEqualTo(5_000);
        assertReason(verified::statement, "statement-file/type");
    }

    @Test
    void theInvoiceAfterCarriesItsSumsOn() {
        assertThat(VERIFIER.verify(nextInvoiceFile(nextBill())).paper()).isEqualTo(nextBill());
    }

    @Test
    void aFlatPriceIsBilledOnceAndWhole() {
        Invoice flat = flatBill("100", WORKS);
        assertThat(VERIFIER.verify(flatInvoiceFile(flat, 0, 3, 4, 5, 6)).paper())
                .isEqualTo(flat);
        assertReason(() -> VERIFIER.verify(flatInvoiceFile(flat, 0, 1, 2)), "evidence/version-size");
        assertReason(() -> VERIFIER.verify(flatInvoiceFile(flatBill("100", 6), 0, 3, 4, 5, 6)), "invoice/uses");
        assertReason(() -> VERIFIER.verify(flatInvoiceFile(flatBill("99", WORKS), 0, 3, 4, 5, 6)), "invoice/terms");
        Invoice none = bill(List.of(), total("cnf-1", Exact.ZERO, Exact.ZERO, 0, 0), 0);
        assertReason(() -> VERIFIER.verify(flatInvoiceFile(none, 0, 3, 4, 5, 6)), "invoice/flat");
        Invoice.Line line = flat.lines().getFirst();
        Exact twice = Exact.of(BigDecimal.valueOf(200));
        Invoice doubled = bill(List.of(line, line), total("cnf-1", Exact.ZERO, twice, 0, 200_000_000), 0);
        assertReason(() -> VERIFIER.verify(flatInvoiceFile(doubled, 0, 3, 4, 5, 6)), "invoice/flat");
    }

    /** The platform puts each lie into its log too, and signs it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        lines[0].uses        | 6                         | invoice/arithmetic
        lines[0].unit_price  | "0.004"                   | invoice/terms
        lines[0].exact       | "0.03"                    | invoice/arithmetic
        lines[0].exact       | "7/200"                   | statement/exact
        lines[0].job         | "job-2"                   | invoice/uses
        lines[0].scope       | "embedding"               | invoice/uses
        lines[0].kind        | "adjustment"              | invoice/line
        lines[0].kind        | "flat"                    | json/unknown-member
        lines[0].used_in     | "2025-12"                 | invoice/line
        lines                | []                        | invoice/contract-total
        fee                  | "0.001"                   | invoice/fee
        exact                | "0.04"                    | invoice/contract-total
        exact_before         | "0.01"                    | invoice/before
        charged_before       | "0.01"                    | invoice/before
        from_escrow          | "0.04"                    | invoice/escrow
        from_escrow          | "-0.01"                   | invoice/escrow
        from_escrow          | "0.030"                   | invoice/amount
        due                  | "0.00"                    | invoice/total
        total                | "0.00"                    | invoice/total
        buyer                | "buyer-8"                 | invoice/terms
        currency             | "EUR"                     | invoice/terms
        currency             | "XYZ"                     | invoice/currency
        contract             | "cnf-2"                   | invoice/id
        invoice              | "iv-0"                    | invoice/id
        to                   | "2026-01-01T00:00:00.000Z" | invoice/period
        type                 | "tallystick-invoice/v1"   | statement/exact
        type                 | "tallystick-invoice/v3"   | statement/type
        """)
    void oneLieAtATimeIsGivenAway(String path, String value, String reason) {
        assertReason(() -> VERIFIER.verify(invoiceFile(Invoice.of(Changed.at(bill().json(), path, value)))), reason);
    }

    @Test
    void whatIsNotShownIsNotBilled() {
        assertReason(() -> VERIFIER.verify(invoiceFile(bill(), 0, 1, 2, 3, 4, 5)), "invoice/uses");
        Invoice nothing = bill(List.of(), total("cnf-1", Exact.ZERO, Exact.ZERO, 0, 0), 0);
        assertReason(() -> VERIFIER.verify(invoiceFile(nothing, 0, 1)), "evidence/unused");
        assertThat(VERIFIER.verify(invoiceFile(nothing)).paper()).isEqualTo(nothing);
    }

    @Test
    void noInvoiceBeforeItIsPassedOver() {
        Invoice next = nextBill();
        assertReason(
                () -> VERIFIER.verify(paperFile(next, SECOND_CLOSE, List.of(issued(SECOND_CLOSE, next, false)))),
                "evidence/previous");
        Invoice alone = new Invoice(
                next.notation(),
                next.platform(),
                next.period(),
                next.from(),
                next.to(),
                next.position(),
                next.contract(),
                next.buyer(),
                next.currency(),
                Optional.empty(),
                next.lines(),
                next.total(),
                next.fee(),
                next.fromEscrow());
        assertReason(
                () -> VERIFIER.verify(paperFile(alone, SECOND_CLOSE, List.of(issued(SECOND_CLOSE, alone, false)))),
                "invoice/before");
    }

    @Test
    void aStatementIsNoInvoice() {
        Json.Obj file = (Json.Obj) Json.parse(invoiceFile(bill()));
        assertThat(file.get("type").orElseThrow().toString()).contains("tallystick-invoice-file/v1");
        log.set(FIRST_CLOSE, close(first(), 8));
        assertThat(VERIFIER.verify(firstFile()).paper()).isEqualTo(first());
        assertReason(
                () -> VERIFIER.verify(file(bill(), List.of(issued(FIRST_CLOSE, bill(), false)), FIRST_CLOSE, 0, 1, 2)),
                "invoice/uses");
    }

    private static Invoice flatBill(String price, long works) {
        BigDecimal amount = new BigDecimal(price);
        Invoice.Line line = new Invoice.Line(
                Statement.Kind.FLAT, "", Scope.TRAINING, works, amount, Exact.of(amount), Optional.empty());
        return bill(
                List.of(line),
                total("cnf-1", Exact.ZERO, line.exact().toExact(), 0, amount.longValueExact() * 1_000_000),
                0);
    }
}
