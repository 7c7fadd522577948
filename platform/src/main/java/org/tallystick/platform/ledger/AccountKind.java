package org.tallystick.platform.ledger;

/** Which side of zero an account may be on. */
public enum AccountKind {
    /** Holds money: what would take it below zero is refused. */
    NEVER_NEGATIVE,
    /** Money outside the platform, or money owed to it: may be below zero. */
    MAY_GO_NEGATIVE
}
