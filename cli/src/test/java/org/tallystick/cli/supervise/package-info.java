@NullMarked
package org.tallystick.cli.supervise;

import org.jspecify.annotations.NullMarked;
