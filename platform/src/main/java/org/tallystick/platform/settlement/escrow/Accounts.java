package org.tallystick.platform.settlement.escrow;

import java.util.Locale;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.ledger.AccountKind;
import org.tallystick.platform.ledger.AccountSpec;

/**
 * The accounts money passes through. Escrow, payables and residues hold money and never go below zero; cash is the world
 * outside, a receivable is what a buyer owes, a recoverable what a payee got for uses that were taken back.
 */
public final class Accounts {
    private static final String USUAL = "USD";

    private Accounts() {}

    /** Where money comes in from and goes out to. */
    public static AccountSpec cash(Currency currency) {
        return new AccountSpec("cash:" + currency.code(), currency, AccountKind.MAY_GO_NEGATIVE);
    }

    /** What a buyer has deposited for a contract. */
    public static AccountSpec escrow(ContractId contract, Currency currency) {
        return new AccountSpec("escrow:" + contract, currency, AccountKind.NEVER_NEGATIVE);
    }

    /** Below zero by what a buyer still owes under a contract. */
    public static AccountSpec receivable(ContractId contract, Currency currency) {
        return new AccountSpec("receivable:" + contract, currency, AccountKind.MAY_GO_NEGATIVE);
    }

    /** What rounding has left of what a contract was charged. */
    public static AccountSpec residue(ContractId contract, Currency currency) {
        return new AccountSpec("residue:" + contract, currency, AccountKind.NEVER_NEGATIVE);
    }

    /** What is owed to a payee; one account per currency. */
    public static AccountSpec payable(PartyId party, Currency currency) {
        return new AccountSpec(perCurrency("payable", currency) + ":" + party, currency, AccountKind.NEVER_NEGATIVE);
    }

    /** Below zero by what a payee has been paid for uses that were taken back. */
    public static AccountSpec recoverable(PartyId party, Currency currency) {
        return new AccountSpec(
                perCurrency("recoverable", currency) + ":" + party, currency, AccountKind.MAY_GO_NEGATIVE);
    }

    /** What the platform has earned. */
    public static AccountSpec fee(Currency currency) {
        return new AccountSpec("fee:" + currency.code(), currency, AccountKind.NEVER_NEGATIVE);
    }

    /**
     * What a payee has earned under a contract and the buyer has not covered: owed by the buyer, not due yet. The length of
     * the contract's id stands before it, because ids may hold colons.
     */
    public static AccountSpec uncovered(ContractId contract, PartyId party, Currency currency) {
        return new AccountSpec(uncoveredPrefix(contract) + party, currency, AccountKind.NEVER_NEGATIVE);
    }

    /** What the names of a contract's accounts of {@link #uncovered(ContractId, PartyId, Currency)} begin with. */
    public static String uncoveredPrefix(ContractId contract) {
        return "uncovered:" + contract.value().length() + ":" + contract + ":";
    }

    /** What the platform has earned under a contract and the buyer has not covered. */
    public static AccountSpec uncoveredFee(ContractId contract, Currency currency) {
        return new AccountSpec("uncovered-fee:" + contract, currency, AccountKind.NEVER_NEGATIVE);
    }

    /** Below zero by fees for uses that were taken back after the platform had drawn them. */
    public static AccountSpec feeRecoverable(Currency currency) {
        return new AccountSpec("recoverable-fee:" + currency.code(), currency, AccountKind.MAY_GO_NEGATIVE);
    }

    /** The account of a name that one of the methods above has given. */
    public static AccountSpec named(String name, Currency currency) {
        boolean outside = name.startsWith("cash:") || name.startsWith("receivable:") || name.startsWith("recoverable");
        return new AccountSpec(name, currency, outside ? AccountKind.MAY_GO_NEGATIVE : AccountKind.NEVER_NEGATIVE);
    }

    /** An account has one currency; the usual one has the plain name. */
    private static String perCurrency(String kind, Currency currency) {
        return currency.code().equals(USUAL)
                ? kind
                : kind + "-" + currency.code().toLowerCase(Locale.ROOT);
    }
}
