@NullMarked
package org.tallystick.edge.spool;

import org.jspecify.annotations.NullMarked;
