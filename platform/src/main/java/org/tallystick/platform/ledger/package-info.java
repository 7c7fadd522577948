/**
 * Accounts and two-legged transfers between them. Knows money and nothing of what it is paid for.
 *
 * <p>Invariants: a transfer moves one positive amount of one currency from a debit account to a credit account, so
 * debits equal credits in every transfer, account, currency and moment; a posting group happens whole or not at all; the
 * same group posted again is the same posting; an account opened so never goes below zero; nothing posted is ever
 * changed or removed. Each holds twice: decided in Java ({@link Decision}, which tells a refusal from a bug) and enforced by
 * the database ({@code V010__ledger.sql}, which stops the bug).
 *
 * <p>Trusts whoever may write the database's files or switch its triggers off to that extent: such a person can change
 * balances, transfers and their texts. {@link Ledger#check} then finds every balance that is not the sum of its transfers
 * and every group whose content is not what its digest says; a change that also recomputes all of these is found by
 * rebuilding from the log.
 *
 * <p>Read {@link Ledger} first, then the table test {@code LedgerTableTest}.
 */
@NullMarked
package org.tallystick.platform.ledger;

import org.jspecify.annotations.NullMarked;
