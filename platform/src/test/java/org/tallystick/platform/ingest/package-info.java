/** Tests of the room; {@code TestRooms} of the ingest room builds what they run on. */
@NullMarked
package org.tallystick.platform.ingest;

import org.jspecify.annotations.NullMarked;
