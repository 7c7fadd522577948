package org.tallystick.platform.party;

/** How well a caller has shown who it is. */
public enum Shown {
    /** By an API key that the operator made, and so could use itself. */
    ISSUED,
    /** By an API key that its party asked for under its own signature. */
    OWN,
    /** By the party's signature over this very request. */
    SIGNED
}
