package org.tallystick.platform.delivery;

import java.util.Objects;
import org.tallystick.protocol.receipt.EdgeCertificate;

/**
 * A certificate that was issued.
 *
 * @param compact its signed form
 * @param position log position of its entry
 * @param revoked whether nothing signed with its key is taken any more
 */
public record CertificateRecord(EdgeCertificate certificate, String compact, long position, boolean revoked) {
    public CertificateRecord {
        Objects.requireNonNull(certificate);
        Objects.requireNonNull(compact);
    }
}
