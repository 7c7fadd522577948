@NullMarked
package org.tallystick.cli.shell;

import org.jspecify.annotations.NullMarked;
