package org.tallystick.protocol.log;

import org.tallystick.protocol.codec.Json;

/**
 * The entry that announces that from here on the log holds what version 2 of the proofs asks for. What lies before it is
 * read as it was; what comes after it in an older form is a lie. A log has one, from the first start of a platform that
 * writes version 2.
 */
public final class FormatChange {
    /** Type of the entry. */
    public static final String TYPE = "format";

    private FormatChange() {}

    /** The body of the entry. */
    public static Json.Obj body() {
        return Json.object().put("format", "proofs").put("version", 2).build();
    }
}
