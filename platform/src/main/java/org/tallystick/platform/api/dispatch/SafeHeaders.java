package org.tallystick.platform.api.dispatch;

import java.util.Map;

/**
 * What every answer carries, the web server's own too, so that no browser makes more of it than it says: the type is the one
 * named, nothing in it runs or loads, and nothing is kept unless the answer itself permits it.
 */
final class SafeHeaders {
    static final Map<String, String> ALL = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'; sandbox",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-store");

    private SafeHeaders() {}
}
