package org.tallystick.protocol.sign;

import java.nio.charset.StandardCharsets;

/** What a party's present key signs so that another takes its place. */
public final class KeyHandover {
    private KeyHandover() {}

    /** The UTF-8 text {@code tallystick/party-key/v1\n<party>\n<did:key>}, whose bytes are signed. */
    public static byte[] message(String party, DidKey next) {
        return ("tallystick/party-key/v1\n" + party + "\n" + next).getBytes(StandardCharsets.UTF_8);
    }
}
