/** Tests of the room; {@code TestRooms} of the ingest room builds what they run on. */
@NullMarked
package org.tallystick.platform.party;

import org.jspecify.annotations.NullMarked;
