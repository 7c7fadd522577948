package org.tallystick.platform.settlement.closing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.terms.ContractDocument;

/** A contract as a line of a table of closes states it, in force for a year from the moment it is told. */
final class TableContract {
    private TableContract() {}

    /** @param words ID PRICE CURRENCY fee FEE RECIPIENT=SHARE,... [flat] */
    static Contract of(List<String> words, long position, Hash dataset, Instant now) {
        String currency = words.get(2);
        boolean flat = words.size() > 6;
        List<String> splits = new ArrayList<>();
        for (String split : words.get(5).split(",")) {
            String[] parts = split.split("=");
            splits.add("{\"recipientId\":\"" + parts[0] + "\",\"share\":" + parts[1] + "}");
        }
        String text = """
                {"@context":"https://schema.org/","@type":"DataContract","contractId":"%s","datasetId":"ds-market",
                 "platformFeeShare":%s,
                 "license":{"type":"restricted-training",
                   "permittedUses":["model-training","embedding","inference","preview"],"duration":"P1Y"},
                 "pricing":{"model":"%s","unit":"%s","pricePerUnit%s":%s},
                 "payout":{"type":"monthly-reconciliation","split":[%s]}}
                """.formatted(
                        words.getFirst(),
                        words.get(4),
                        flat ? "flat" : "micropay",
                        flat ? "contract" : "sample",
                        currency.charAt(0) + currency.substring(1).toLowerCase(Locale.ROOT),
                        words.get(1),
                        String.join(",", splits));
        return new Contract(
                new ContractId(words.getFirst()),
                position,
                ContractDocument.parse(text.getBytes(StandardCharsets.UTF_8)),
                new PartyId("buyer-7"),
                new PartyId("curator-11"),
                dataset,
                now,
                now.plus(Duration.ofDays(365)),
                Optional.empty());
    }
}
