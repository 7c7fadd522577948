package org.tallystick.platform.ledger;

/** Which side of zero an account may be on. */
public enum AccountKind {
    /** Holds money: what would take it below zero is refused. */
    NEVER_NEGATIVE,
    /** Stands for the world outside, where money comes from and goes to. */
    MAY_GO_NEGATIVE
}
