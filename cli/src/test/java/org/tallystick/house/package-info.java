/**
 * The rules of the house as tests over the whole tree: which room may use which, how long a file may grow, which calls
 * are banned and what to write instead. Read first: {@code TidyTest}, then {@code ArchitectureTest}.
 */
@NullMarked
package org.tallystick.house;

import org.jspecify.annotations.NullMarked;
