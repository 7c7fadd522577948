package org.tallystick.platform.kernel;

/** Why something was refused, coarse enough to choose a status code by and nothing finer: the type slug says the rest. */
public enum Category {
    /** What was sent can never be accepted as it stands. */
    INVALID,
    /** Who asks is not known. */
    UNAUTHENTICATED,
    /** Who asks is known and may not. */
    FORBIDDEN,
    /** The thing named does not exist, or not for the one who asks. */
    NOT_FOUND,
    /** Sound in itself, but contradicts the present state. */
    CONFLICT,
    /** More than is accepted at once. */
    TOO_LARGE,
    /** Nothing wrong with what was sent: ask again later. */
    UNAVAILABLE
}
