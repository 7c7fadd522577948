package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.protocol.codec.Fields;

/** An invoice in words. */
final class InvoiceExplanation {
    private InvoiceExplanation() {}

    static List<String> of(StoredInvoice stored) {
        Fields invoice = Fields.of(stored.document(), "invoice");
        String currency = " " + invoice.text("currency");
        List<String> text = new ArrayList<>();
        text.add("Invoice to " + stored.buyer() + " for contract " + stored.contract() + ", period " + stored.period()
                + ": " + stored.total() + ".");
        for (Fields line : invoice.objects("lines")) {
            String where = line.optionalText("job").map(job -> " in job " + job).orElse("");
            String uses = line.text("kind").equals("flat")
                    ? "the flat price " + line.text("unit_price") + currency
                    : line.integer("uses", 0, Long.MAX_VALUE) + " works" + where + ", scope " + line.text("scope")
                            + ", at " + line.text("unit_price") + currency;
            String of = line.optionalText("used_in")
                    .map(period -> ", of period " + period)
                    .orElse("");
            text.add("Line " + line.integer("line", 1, Integer.MAX_VALUE) + ", " + line.text("kind") + ": " + uses + of
                    + " = " + line.text("exact") + currency + ", exactly.");
        }
        text.add("From escrow came " + invoice.text("from_escrow") + currency + ", " + invoice.text("due") + currency
                + " was left to be paid.");
        text.add("Its hash is " + stored.hash().hex() + ".");
        return text;
    }
}
