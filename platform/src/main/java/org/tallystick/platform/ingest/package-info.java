/**
 * Works come in here: uploads in one piece or in several, the manifests that describe them, and the receipts for both.
 *
 * <p>Invariants: a manifest is in the log only once the content it names is on disk under the hash it names; a manifest
 * never changes; the same upload again is answered with the same receipt; what an unfinished upload has acknowledged
 * survives a crash, and is forgotten when nobody comes back for it. No content is ever whole in memory unless it is
 * small.
 *
 * <p>The entry {@code manifest} holds the document as signed, its id, the length of the content, who uploaded it, and
 * the receipt. The catalog room reads the same entry.
 *
 * <p>Trusts nobody's word about content: it hashes what it stores. A creator's name on a manifest is that creator's key
 * or API key. Read {@link Ingest} first, then {@link ManifestDraft}.
 */
@NullMarked
package org.tallystick.platform.ingest;

import org.jspecify.annotations.NullMarked;
