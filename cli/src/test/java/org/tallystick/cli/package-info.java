@NullMarked
package org.tallystick.cli;

import org.jspecify.annotations.NullMarked;
