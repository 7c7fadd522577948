package org.tallystick.sdk;

import java.util.List;
import org.tallystick.protocol.codec.Fields;

/**
 * A ledger account.
 *
 * @param name for example {@code payable:creator-42}
 * @param balances one for each currency it holds
 */
public record Account(String name, List<Amount> balances) {
    /** Copies the list. */
    public Account {
        balances = List.copyOf(balances);
    }

    static Account of(Fields fields) {
        return new Account(
                fields.text("account"),
                fields.objects("balances").stream().map(Amount::of).toList());
    }
}
