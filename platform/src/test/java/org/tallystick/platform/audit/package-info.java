/** Damage of every kind to what is kept, and what the room says of it; chains walked both ways. */
@NullMarked
package org.tallystick.platform.audit;

import org.jspecify.annotations.NullMarked;
