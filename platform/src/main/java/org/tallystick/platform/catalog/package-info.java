/**
 * Works, the datasets made of them, and the marketplace that finds them.
 *
 * <p>Invariants: a version of a dataset never changes; its root is the RFC 6962 tree hash over the canonical JSON of its
 * members, which stand in the order (creator, content id), so that each creator's works are one run of ordinals; no
 * content stands twice in one version; every member has a manifest by the creator it names.
 *
 * <p>Two kinds of log entries are read here: {@code manifest}, which the ingest room writes, makes a work known; {@code
 * dataset-version} names its members by manifest id, so that the root can be computed again from the log alone.
 *
 * <p>Trusts the ingest room to have checked content against manifest. Read {@link Catalog} first, then {@link Member}.
 */
@NullMarked
package org.tallystick.platform.catalog;

import org.jspecify.annotations.NullMarked;
