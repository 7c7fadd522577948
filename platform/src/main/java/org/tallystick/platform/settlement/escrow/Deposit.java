package org.tallystick.platform.settlement.escrow;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/** The posting of money received: into escrow, and from there at once to what the buyer owes already. */
public final class Deposit {
    private static final Pattern SPACES = Pattern.compile("[\\p{Z}]+");

    private Deposit() {}

    /** @param owed micros the buyer owes under the contract, not negative */
    public static PostingGroup group(ContractId contract, Money amount, BigInteger owed, String reference, Instant at) {
        Currency currency = amount.currency();
        String escrow = Accounts.escrow(contract, currency).name();
        List<Transfer> transfers = new ArrayList<>();
        transfers.add(new Transfer(
                id("deposit", reference),
                Accounts.cash(currency).name(),
                escrow,
                amount,
                contract + ": deposited",
                reference));
        BigInteger settled = settled(amount, owed);
        if (settled.signum() > 0) {
            transfers.add(new Transfer(
                    id("settled", reference),
                    escrow,
                    Accounts.receivable(contract, currency).name(),
                    Money.ofMicros(currency, settled),
                    contract + ": taken for what the buyer owed",
                    reference));
        }
        return new PostingGroup(id("group", reference), at, "deposit for contract " + contract, reference, transfers);
    }

    /** How much of a deposit goes to debt. */
    public static BigInteger settled(Money amount, BigInteger owed) {
        return amount.micros().min(owed);
    }

    /**
     * A payment's reference as it is kept and compared: banks pad and break it, so space around it falls away, and any space
     * inside is one.
     */
    public static String reference(String written) {
        return SPACES.matcher(written).replaceAll(" ").strip();
    }

    private static Hash id(String kind, String reference) {
        return Sha256.hash(("tallystick/deposit/v1\n" + kind + "\n" + reference).getBytes(StandardCharsets.UTF_8));
    }
}
